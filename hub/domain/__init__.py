"""The rules of the business and the values that cross rooms: pure, typed, valid once they exist.

No framework, no database, no clock of the machine and no outside party is known here.
"""
