"""Doubts: what is found by comparing, told to the bank whose case it is, and what its people did about it.

Nothing here refuses, delays or decides anything.
"""
