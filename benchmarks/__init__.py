"""Huddle measured beside its peers: real processes, one load, every delivery checked.

``python -m benchmarks --help`` lists the measurements; ``docs/performance.md`` shows the figures.

- ``native/``: the load generator and the bare epoll server, in C; ``build`` compiles them.
- ``peers/``: how each server is started with its limits lifted, and which wire it speaks.
- ``processes``: pinning to a core, and the accounts of a whole process tree.
- ``load``: what is asked of the generator, and what it says.
- ``run``: one server under one load, from start to verdict; ``paired`` runs several in turn.
- ``goals``, ``stopped``, ``idle``, ``storm``, ``record``: what is measured, and held against what;
  ``check``: whether the generator notices a server's faults.
- ``measurements``: each of them as the command line asks for it; all give a ``report``.
- ``table``, ``results``, ``document``, ``plot``: the terminal, JSON, Markdown and SVG.
"""
