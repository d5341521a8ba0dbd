"""Signed and sealed pairs, as UnionPay-style systems and the gateway exchange them: envelope, signatures, SM2 keys.

No adapter and no transport is known here.
"""
