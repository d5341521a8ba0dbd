"""The one reading side: what each reader is shown, in the transaction of the face that asks.

Nothing here changes a negotiation; only that something was read is written down.
"""
