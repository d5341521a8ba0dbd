"""The faces over HTTP, and what they share: access, limits, idempotency, problems, uploads, language.

No rule and no storage is here: a face opens one transaction and asks a service.
"""
