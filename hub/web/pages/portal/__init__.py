"""The pages below `/portal/`, put into one blueprint.

What a bank may see and do is decided by `hub.services`; each page is one bank's.
"""

from hub.web.pages.portal import (
    accounts,
    agreements,
    amendments,
    approvals,
    calls,
    claim_transfer,
    clearance,
    credit_notes,
    decisions,
    identity,
    legal_stage,
    negotiation,
    offers,
    queue,
)
from hub.web.pages.portal.blueprint import pages

__all__ = [
    "accounts",
    "agreements",
    "amendments",
    "approvals",
    "calls",
    "claim_transfer",
    "clearance",
    "credit_notes",
    "decisions",
    "identity",
    "legal_stage",
    "negotiation",
    "offers",
    "pages",
    "queue",
]
