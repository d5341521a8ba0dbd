"""Messages to a bank's system and events from it: queued, sent, batched, collected, applied, compared.

No adapter is named here, and no transaction is open while one talks.
"""
