"""One server under one load, from start to verdict, and several in turn.

- ``load``: what is asked of the generator, and what it says.
- ``run``: one server under one load; ``paired``: several contenders in turn, and their ratios.
- ``processes``: pinning to a core, and the accounts of a whole process tree.
- ``disk``: where records are written, and how long a bare fsync takes there.
"""
