"""The way to a server: endpoints, the link that reconnects, TLS, and which servers are trusted.

- `link` joins a session to the network, and reconnects; `endpoints` how a server is reached;
  `host_port` how an address is typed, `failover` which of several is tried next
- `tls` a connection that counts as made when the server is believed; `tls_options` how to check
- `trust` whether it is believed; `certificate` what it shows, and what speaks against that;
  `known_servers` the file of those that were taken before
"""
