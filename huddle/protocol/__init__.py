"""What a client and the server both know: one vocabulary, without input and output.

- `requests` what can be asked; `answers` what one connection is told; `events` what is said, and
  what those in a room hear; `errors` what is refused, each with its code
- `codec` writes and reads all these as objects of JSON, by the types of their `fields`
- `commands` one row for each command that a person types; `arguments` reads what stands behind its
  name; `permissions` says which role may do what
- `limits` how much of anything there may be
- `names` what is a nick or a room's name, or why it is none; `skeleton` which look alike
- `text` makes what came from outside harmless; `fingerprint` writes a certificate's
- `timing` what is done later, by a clock that is handed in; deadlines
- `dialect` the ports that every wire format fills; `long_answers` are given a piece at a time
"""
