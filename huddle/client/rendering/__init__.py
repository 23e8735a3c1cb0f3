"""Events as lines: for those who read them, painted for a terminal, or as JSON for programs.

- `rendering` the lines themselves: who said what, in which room; `sentences` what all else is in
  words, of which `notices` has what happened, `listings` what was asked for
- `terminal_lines` the same with times, days and `colours`; `mentions` where one is spoken to;
  `links` what opens; `folding` has a block stand under one head; `message_line` shows what puts a
  message right in its place; `rows` breaks them at the terminal's edge
- `bare_lines` the lines themselves for a terminal that breaks them itself
- `json_lines` an event as a line of JSON
"""
