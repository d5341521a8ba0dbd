"""The API's routes, a file a noun: read, ask a service, answer by a schema.

No rule and no query is here; a page of people is in `pages`.
"""
