"""Oneshot."""
