"""Tests of `huddle.server.invitation`."""
