"""E-mails and text messages: wording and composing them, handing them over, reading what comes back.

Who is written to, and when, is decided in `hub.services.notifications`; nothing here reads the database.
"""
