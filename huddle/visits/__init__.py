"""Visits: one connection's stay, from greeting to goodbye, and what is done on its behalf."""
