"""Tests of `huddle.doors.input`."""
