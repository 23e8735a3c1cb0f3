"""One node: it appends what its members do, follows the log, and applies what comes.

- `node` the whole of it: a life after the other, from the first entry to the last
- `host` what the node is a part of
- `proposals` what waits to be appended, and the one batch that is under way
- `failure_detector` which other lives have not been heard for so long that they are over
- `session_expiry` whose hold ends when
- `log_window` how much of the log is kept for nodes that come back
- `node_status` how it stands with the others, `node_list` what operators are told of all nodes

No input and output: the log, the clock and chance are arguments.
"""
