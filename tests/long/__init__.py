"""What takes minutes, and is run by hand: ``pytest tests/long``.

The same is in `tests/real` and `tests/doors` on a smaller scale, or with a clock that is wound.
"""
