"""The two kinds of people who sign in at the pages."""

from enum import StrEnum


class VisitorKind(StrEnum):
    """How a person signs in: a session is of one kind, and opens nothing of the other."""

    CARDHOLDER = "cardholder"
    STAFF = "staff"
