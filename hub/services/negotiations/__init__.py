"""What both sides do while a negotiation is open: review, offers, messages, calls, withdrawal, and its clock.

How words travel to a bank's system is in `delivery`; what follows a signature is in `agreements`.
"""
