"""What a bank is shown: its queue, a negotiation with everything of it, the forms' headings; masked unless asked."""
