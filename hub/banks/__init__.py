"""Banks as outside parties: one port, one wire form of the packet, one file or folder an adapter.

No transaction, table or face is known here: services hand over values and take values back.
"""
