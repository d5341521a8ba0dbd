"""The kinds of requests there are, each with its rules: a new neighbour adds its line here."""

from hub.domain.service_request import RequestKind, RequestRules

KINDS: dict[RequestKind, RequestRules] = {}


def rules_of(kind: str) -> RequestRules:
    """The rules of that kind."""
    return KINDS[RequestKind(kind)]
