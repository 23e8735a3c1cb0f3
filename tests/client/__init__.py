"""Tests of huddle/client."""
