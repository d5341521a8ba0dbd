"""The kinds of requests there are, each with its rules: a new neighbour adds its line here."""

from hub.domain import appointment, instalment_request
from hub.domain.revocation import DEDUCTION_REPORT, REVOCATION
from hub.domain.service_request import RequestKind, RequestRules

KINDS: dict[RequestKind, RequestRules] = {
    RequestKind.REVOCATION: REVOCATION,
    RequestKind.DEDUCTION: DEDUCTION_REPORT,
    RequestKind.INSTALMENTS: instalment_request.RULES,
    RequestKind.APPOINTMENT: appointment.RULES,
}


def rules_of(kind: str) -> RequestRules:
    """The rules of that kind."""
    return KINDS[RequestKind(kind)]
