"""The way from one schema to the next, by Alembic, without an ini file.

A migration imports no record and no service: it stays as it was written.
"""
