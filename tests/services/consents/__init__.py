"""Consents as services: the ledger, and what follows when one is taken back."""
