"""The way to a server: endpoints, the link that reconnects, TLS, and whom to trust."""
