"""The actions of the hub, by noun. Each works in the transaction it is given and never commits.

No face, no framework of the web, and no bank by name is known here.
"""
