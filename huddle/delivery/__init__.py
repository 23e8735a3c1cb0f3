"""Delivery: what is said is numbered, recorded, and given to everybody in one order.

- `sequencer` one order for all: makes batches of `entries`, has them recorded, publishes what was;
  its `refusals` keep what a session says in order, its `backlog` bounds how much waits
- `stream` one sequence of messages and those who listen to it; `audience` those who see it alike
- `slab` the lines of a batch, rendered and joined once
- `outlet` gives a connection all that is said, live or catching up, as its `outlet_state` says, and
  knows what a reader costs that has stopped; `subscription` how far it has got in one stream;
  `answering` what it is told alone, `waiting_replies` what of that it has not taken yet
- `history` what is read again for those who catch up, a block at a time; `round_robin` who of them
  goes on next; `fair_queue` whose slow job (a search, a hash) is done next
- `tally` what was done since the start, in plain numbers
- `transport` the ports through which the bytes go out
"""
