"""The plain dialect, for people with `nc` or `telnet`: lines as they are typed and read.

- `dialect` the port filled: lines to requests, messages to lines, who speaks it
- `answers` what the server says by itself, in sentences: greeting, welcome, what was asked for
- `notices` what became of a room, in sentences
- `timestamps` when something was, in words and in figures
- `keys` what a terminal sends that sends every key: erasing, arrows
- `telnet` takes telnet's own bytes out of what comes
"""
