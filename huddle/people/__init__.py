"""People: sessions and accounts, what they are called, and how they prove who they are.

- `sessions` a person's presence, and an account with all of its sessions; `accounts` all accounts
- `taken_nicks` which are taken, and their owners; what is no nick at all: `huddle.protocol.names`
- `former_nicks` whose the nicks were that have been given up
- `address_quotas` how much of what is remembered one address may fill; `address_groups` what is
  from each address, and where most of it is from
- `registry` every session that is here or expected back, and its nick
- `identity` what marks and ignores are kept under, beyond the nick of the moment
- `authentication` all that is opened by a secret; `return_words` how those are made and read
- `operator_code` the code by which the first operator of a house is put in charge
- `rates` how fast lines, connections, registrations and wrong guesses may come;
  `return_word_guesses` who may try a return word
- `preferences` how a person wants things shown, on whatever connection
- `saving` what the record is to keep of people; `replies` answers to a session, wherever it is
"""
