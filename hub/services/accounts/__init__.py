"""Who may come in: staff, cardholders, API clients, their sessions and how often they may try.

What they may do once inside is asked where it is done.
"""
