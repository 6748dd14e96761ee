"""Measurements of the desk; never part of the tests."""
