"""Files: printing PDF, writing and verifying the record, and judging what was handed in, in confined children.

No database and no store is known here; which facts a document shows is for `hub.services.documents`.
"""
