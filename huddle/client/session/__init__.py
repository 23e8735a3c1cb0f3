"""One session with a server, without input and output: the json dialect from the client's side.

Bytes go in, bytes and events come out (`session.ClientSession`); what it remembers between
connections and runs is `state.State`, which a `journal` keeps.
"""
