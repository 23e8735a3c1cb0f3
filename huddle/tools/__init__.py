"""The programs beside the server: huddle-account, huddle-archive, huddle-certificate.

- `account`, `archive` and `certificate` are one program each
- `bundle` makes a folder from which Huddle is installed without the Internet (``python -m``), with
  `zipped_client`, which is huddle-client in one file
- `command_line` runs them: help, one line when they fail, the exit status
- `outputs` writes what they make: to no record, and into devices and pipes
- `self_signed` makes the certificates, and finds the names that this machine goes by
"""
