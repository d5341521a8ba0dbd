"""Lenders to whom people are referred, as the hub speaks with them.

They are outside parties and no banks of a negotiation: nothing here knows the database, a face or an adapter.
"""
