"""Huddle measured beside its peers: real processes, one load, every delivery checked.

``python -m benchmarks --help`` lists the measurements; ``docs/performance.md`` shows the figures.

- ``native/``: the load generator and the bare epoll server, in C; ``build`` compiles them.
- ``peers/``: how each server is started with its limits lifted, and which wire it speaks.
- ``runs/``: one server under one load, from start to verdict, and several in turn.
- ``goals``, ``floors``, ``against``, ``stopped``, ``idle``, ``storm``, ``record``: what is measured
  and held against what; ``check``: whether the generator notices a server's faults.
- ``hostile/``: what others notice while one address attacks.
- ``cluster/``: several nodes; ``clients/``: huddle-client and the page.
- ``measurements``, here and in those two: each as the command line asks for it; all give a
  ``report``.
- ``table``, ``results``, ``document``, ``plot``: the terminal, JSON, Markdown and SVG.
"""
