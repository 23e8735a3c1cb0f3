"""The server: what `twistd huddle` runs, put together from all the other folders.

- `options`, with `options_auth` and `options_help`: the command line
- `assembly` makes the parts; `service` starts and stops them, with a door for each endpoint
- `clustered` what is otherwise in the core where the server is one node of several; `node` such a
  server, from its options to its end
- `password_checkers` whose password it is; `passwords` the hashes; `checker_nicks` which nicks
  another checker (``--auth``) knows
- `key_file` the key for return words and keys of rooms; `certificates` what TLS shows, which is
  read again too
- `invitation` what is told at the start: how to enter, and the operators' code
- `reload` SIGHUP, at which what was added is read again
- `clocks` time, and this machine's zone; `house_time` the time of day that never goes back
- `operation` what those see of it who look after it: signs for systemd
- `process` what is set for the whole process, and twistd's own pid file and log
- `retention` what is looked for again and again: messages and sessions that are too old
- `start_errors` why it cannot start, in a sentence
"""
