"""The json dialect, for programs: one object a line (docs/protocol.md).

- `dialect` the port filled: who speaks it, its reader and its renderers
- `requests` an object to a request
- `answers` what one connection is told, to objects
"""
