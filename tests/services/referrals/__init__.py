"""Referrals: shown, handed over, answered, revoked."""
