"""The way to a server: endpoints, the link that reconnects, TLS, and which servers are trusted."""
