"""The form of an offer, filled in."""

from __future__ import annotations

from typing import Any

from tests.web.pages.clerk import Clerk, Fields


def offer_form(clerk: Clerk, **changes: Any) -> Fields:
    """The form as it begins, with a rate."""
    return {**clerk.form("/offer"), "terms.annual_rate_percent": "3.6", **changes}
