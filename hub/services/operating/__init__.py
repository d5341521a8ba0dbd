"""The hub itself: its banks, its tasks, its sweeps, its audit and its invariants.

Nothing here opens a person's file.
"""
