"""A person's bills: their dates and sums, for them alone. What a bank may know of them is said where it is asked.

Nothing is paid, held or lent here.
"""
