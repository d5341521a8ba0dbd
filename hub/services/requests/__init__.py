"""What every kind of request beside a negotiation shares: opening it, moving it, its clock, its way to the bank."""
