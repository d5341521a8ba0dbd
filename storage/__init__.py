"""Rows, their seals and the evidence store: reading and writing them in the transaction that is given.

No rule of the business, no face and no outside party is here; a status is written where its table says.
"""
