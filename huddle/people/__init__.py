"""People: sessions and accounts, what they are called, and how they prove who they are.

- `sessions` a person's presence, and an account with all of its sessions; `accounts` all accounts
- `taken_nicks` which are taken, and their owners; what is no nick at all: `huddle.protocol.names`
- `former` whose the nicks were that have been given up
- `shares` how much of what is remembered is of one address; `crowds` from where most of it is
- `registry` every session that is here or expected back, and its nick
- `identity` what marks and ignores are kept under, beyond the nick of the moment
- `authentication` all that is opened by a secret; `return_words` how those are made and read
- `operator_code` the code by which the first operator of a house is put in charge
- `rates` how fast lines, connections, registrations and wrong guesses may come; `word_guesses` who
  may try a return word
- `wishes` how a person wants things shown, on whatever connection
- `saving` what the record is to keep of people; `replies` answers to a session, wherever it is
"""
