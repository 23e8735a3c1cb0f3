"""Operation: what those see of a running server who look after it, and not those who talk in it.

- `bus_error` ends the process with a word where SQLite's index was cut
- `config_file` the options in a file, `config_options` those and what was typed
- `call_from_thread` lets the record's threads call into the reactor's
- `bounded_reading` the files that options name, read without waiting for ever
- `log_file` the log, which is begun anew when a program has moved it away
- `memory` what the process has of the machine's, and gives back
- `metrics` what Prometheus is told, and whether the server is well
- `notify` tells systemd that it is ready, reads its files again, stops, and that its reactor turns
- `polling` has the reactor turn by few calls of Python
"""
