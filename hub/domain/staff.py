"""The people at banks and those who operate the hub: what their accounts are for."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for. `OPERATOR` is at the hub, all others at a bank."""

    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    BANK_ADMIN = "bank_admin"
    OPERATOR = "operator"


BANK_ROLES = (Role.REVIEWER, Role.SUPERVISOR, Role.AUDITOR, Role.BANK_ADMIN)
ACTING = (Role.REVIEWER, Role.SUPERVISOR)
"""Who acts for a bank, and so may have cases of their own; the others only look."""
