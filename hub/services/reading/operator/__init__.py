"""What an operator is shown over all banks, by page, command and metric; nothing of a person."""
