"""Erasure: what a person may have erased, what its time erases, and what must be kept, each through one code path.

No routes and no SQL here: rows are taken out by `storage.erasing`.
"""
