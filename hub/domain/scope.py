"""What a client of the API may do."""

from enum import StrEnum


class Scope(StrEnum):
    """A right that a client is given and its tokens name."""

    WRITE = "applications:write"
    READ = "applications:read"
    REVIEW = "negotiations:review"
    """What a bank's client does; a client with it belongs to one bank."""
