"""Tables that people of a bank take out of the hub: asked for, approved, made by the worker, taken, and gone again.

What a row of each kind says is here; how a table is written in bytes is `hub.documents.spreadsheets`'s.
"""
