"""Ndjson."""
