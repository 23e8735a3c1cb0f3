"""Visits: one connection's stay, from greeting to goodbye, and what is done on its behalf.

- `visit` takes the lines of a connection; `states` the table of what leads to what
- `arrival` opens a session, new or back again; `known_sessions` those that may be come back to;
  `attendance` which session the connection has; `login_prompt` whether a line at the door is a
  nick or a password; `crash_cursors` how far people had read
- `admission` who is let in; `account_login` how a session comes to be an account's; `renaming`
- `welcome` what is told and shown on coming in (the words: `huddle.dialects`); `view` in
  which dialect and language; `filters` leaves out what the session does not wish to see
- `help` which commands one is shown
- `actions/` what is done for those who are here; `house` what all visits of a server share;
  `background` runs what nobody waits for
"""
