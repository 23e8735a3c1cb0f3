"""One session with a server, without input and output: the json dialect from the client's side.

Bytes go in, bytes and events come out (`session.ClientSession`); what it remembers between
connections and runs is `state.State`, which a `journal` keeps.

- `session` the whole: its stages, its calls; `effects` what one of these brings about
- `wire` bytes to objects and back; `events` what can happen, as frozen values
- `exchange` what is exchanged on a connection; of that, `hello` says who one is, `asking` the
  requests that wait for answers, `keepalive` the pings
- `outbox` own lines, until they are acknowledged
- `cursors` where the session stands in its rooms; `cursor` in one of them
"""
