"""huddle-client in a real terminal, with a real server."""
