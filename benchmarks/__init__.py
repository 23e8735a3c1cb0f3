"""Huddle measured beside its peers: real processes, one load, every delivery checked.

``python -m benchmarks --help`` lists the measurements; ``docs/performance.md`` shows the figures.

- ``native/``: the load generator and the bare epoll server, in C; ``build`` compiles them.
- ``peers/``: how each server is started with its limits lifted, and which wire it speaks.
- ``processes``: pinning to a core, and the accounts of a whole process tree.
- ``load``: what is asked of the generator, and what it says.
- ``run``: one server under one load, from start to verdict; ``paired`` runs several in turn.
- ``goals``, ``fanout``, ``stopped``, ``idle``, ``storm``, ``record``: the measurements.
- ``table``, ``results``, ``plot``: the terminal, the JSON file and the SVG.
"""
