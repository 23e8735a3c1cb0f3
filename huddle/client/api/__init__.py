"""`HuddleClient`: a client for programs, with Deferreds. They import it from `huddle.client`.

- `client` the class; `pending` what its Deferreds wait for, and how they fail
"""
