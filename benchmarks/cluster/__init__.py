"""Several nodes and the engine of their log, measured on this machine. They need etcd.

- ``log``: what a batch in the log costs beside the engine's bare append, and how long nothing is
  delivered while the engine changes its leader.
- ``nodes``: what a message costs the nodes, until all have it and in processor time.
- ``cuts``: who stands still while the network is cut; ``start``: how soon a new node is level.
- ``measurements``: each of them as the command line asks for it.
"""
