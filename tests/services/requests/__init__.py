"""Requests beside negotiations, by a kind that is there for tests alone."""
