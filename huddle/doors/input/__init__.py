"""Input: the way in of each connection, from the bytes that were read to the lines that are heard.

- `line_buffer` what was read, cut into lines; `line_input` hands them on one at a time
- `flow_control` says when the next line of a peer may pass, with `backlog_shares`, where much waits
  to be given out; `scheduler` whose turn it is
- `buffers` bounds what has been read of all connections and is not heard yet
"""
