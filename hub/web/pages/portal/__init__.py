"""The pages below `/portal/`, put into one blueprint."""

from hub.web.pages.portal import agreements, answers, approvals, calls, case, offers, queue
from hub.web.pages.portal.blueprint import pages

__all__ = ["agreements", "answers", "approvals", "calls", "case", "offers", "pages", "queue"]
