"""A server that is one node of several: its core, connected to the log that all of them apply.

What the core asks of its ports is proposed to the log, and had when it has come back; what the log
says is recorded, mirrored in the core, and told to those who are connected here: what was only
said, before it is recorded. A session that another node holds is a `Session` as any, without an
outlet, and `elsewhere`.

- `link` the way into the log, for all of those below
- `message_entries` what is said, as entries
- `logged_record` the record: what is appended to it goes by the log
- `operations` what the core has kept in rows, as entries
- `logged_claims`, `logged_presence` nicks, seats and sessions, and who is away or gone
- `logged_retention` what is too old
- `state_mirror` the core as the log's state has it
- `local_effects` what follows from a batch for those who are connected here
- `room_events` what the members of a room are told of a batch
- `write_behind` what members have been told, and this node's record does not have yet
- `shared_code` the code that puts somebody in charge, good on all nodes
- `state_keeping` what a node starts from again
- `shared_options` the options that all nodes have alike
- `log_hold` how far the log may be let go of while another node is given this one's state
- `clustered` all of it put together: the host of the node
"""
