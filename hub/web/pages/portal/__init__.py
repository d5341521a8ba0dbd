"""The pages below `/portal/`, put into one blueprint."""

from hub.web.pages.portal import agreements, answers, approvals, calls, case, identity, offers, queue
from hub.web.pages.portal.blueprint import pages

__all__ = ["agreements", "answers", "approvals", "calls", "case", "identity", "offers", "pages", "queue"]
