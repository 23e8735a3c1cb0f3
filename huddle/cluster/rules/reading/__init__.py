"""Reading: how far each session has read, as far as that follows from the log.

- `arrival_cursors` what those had seen who have just come, until they were surely shown the rest
- `inbox_cursors` from where on they read their private messages, as they do their rooms
"""
