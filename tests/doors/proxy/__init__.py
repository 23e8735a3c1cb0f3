"""Tests of `huddle.doors.proxy`."""
