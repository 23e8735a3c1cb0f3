"""A conversation over standard input and output, line by line: for pipes, programs and dumb
terminals.

- `running` runs it; `line_screen` is the `Screen` that the conversation is given
- `output` writes, and tells whether its reader keeps up; `readers` makes lines for whoever that
  is; `echo` hides what a terminal shows
"""
