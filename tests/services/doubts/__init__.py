"""Doubts: what is found, what stays behind walls, and what clerks do about it."""
