"""A server that is one node of several: what it is told, how it comes in, why it goes.

- `options` what ``--cluster``, ``--node`` and ``--cluster-key`` come to
- `service` the server, whose doors open when it is level with the others
- `joining` the engine found and the house in it, and the node put together
- `founding` a house that begins with this node's record; `founding_state` the state that is
  made of it
- `clock_watch` whether this machine's clock is that of the others
- `readiness` a door that serves nobody until then
- `state_file` the state that lies beside the record, from which a node starts again
- `node_messages` why a node cannot start, or takes part no more, in a sentence
- `peer_channel` what two nodes say to each other, and no one else; `peer_door` gives another node
  this one's record and state, `peer_snapshot` takes them
- `ending` the exit status of a server that ends by itself

Imported only where ``--cluster`` is given. What a node's core does is in `huddle.server.clustered`.
"""
