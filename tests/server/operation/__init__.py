"""Tests of `huddle.server.operation`."""
