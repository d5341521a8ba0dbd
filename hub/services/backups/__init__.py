"""Backups: the database and the evidence of one moment in one folder; looking them over, and putting them back.

What a backup says of itself is a rule of `hub/domain`; how its files lie is `storage`'s.
"""
