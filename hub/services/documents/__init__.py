"""What is printed and exported: which facts a document shows, printing it, and the record of a negotiation.

How a page is set or a ZIP is written belongs to `hub.documents`.
"""
