"""What a bank is shown: its queue, a negotiation with everything of it, the forms' headings; masked unless asked.

Nothing of another bank is read here, and nothing changed but that a full number was looked at.
"""
