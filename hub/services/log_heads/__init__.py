"""Heads of the log: signing them on a schedule, verifying everything against them, and proving what is under one.

What a head is and how its tree is built are rules of `hub/domain`.
"""
