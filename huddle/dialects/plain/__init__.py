"""The plain dialect, for people with `nc` or `telnet`: lines as they are typed and read.

- `dialect` the port filled: lines to requests, messages to lines, who speaks it
- `sentences` what the server says by itself: greeting, welcome, answers
- `notices` what became of a room; `personal` what concerns one person among others
- `moments` when something was, in words
- `keys` what a terminal sends that sends every key: erasing, arrows
- `telnet` takes telnet's own bytes out of what comes
"""
