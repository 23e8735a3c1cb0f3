"""The tests: `test_x.py` is about `huddle/x.py`, folders as in the house."""
