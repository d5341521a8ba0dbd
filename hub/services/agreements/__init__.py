"""What follows a yes: the codes that sign, the agreement, its payments, the stop of collection, and its end.

The offer before it is in `negotiations`; its paper is in `documents`.
"""
