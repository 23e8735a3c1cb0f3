"""Huddle as people run it: a real `twistd`, and the real programs they enter with."""
