"""huddle-client without a terminal: as a pipe, a bot, a script's one line."""
