"""What a bank's endpoint must pass before it is switched on, one file a kind.

Nothing enters the hub's database, and no real person's data is sent.
"""
