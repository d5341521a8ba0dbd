"""The pages below `/portal/`, put into one blueprint."""

from hub.web.pages.portal import agreements, approvals, calls, decisions, identity, negotiation, offers, queue
from hub.web.pages.portal.blueprint import pages

__all__ = ["agreements", "approvals", "calls", "decisions", "identity", "negotiation", "offers", "pages", "queue"]
