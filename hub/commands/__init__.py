"""The `hub` command, one module a group. An error is one line on standard error that says what to do.

A command opens the transaction and prints; what is done is a service's.
"""
