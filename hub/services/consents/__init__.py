"""Consents: the ledger of what was given and taken back, and what follows from a withdrawal.

What each consent is for, and what may be handed on without it, is a rule of `hub.domain`.
"""
