"""What is put together at the start: options, configuration, the session and its link.

- `options` the command line; `configuration` what need not be typed: a file, the environment
- `opener` finds what is kept of a session, and makes the way to its server
- `running` runs the reactor until the end
"""
