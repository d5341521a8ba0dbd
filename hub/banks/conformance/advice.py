"""What to do about an answer that was not the one expected: the advice fits what went wrong."""

from hub.banks.conformance.altered import Exchange
from hub.banks.port import ANSWER_S

_BY_STATUS = {
    300: "Redirects are not followed: give the address behind it as the bank's url.",
    401: "It did not believe us: compare secret or keys on both sides, and the machine's clock.",
    403: "It did not let us in: compare secret or keys on both sides, and let the hub's address through.",
    404: "Nothing is there: look at the path of the bank's url.",
    405: "The path takes no POST: look at the path of the bank's url.",
    410: "410 tells us never to come again: answer it only where the endpoint is gone for good.",
    413: "Take bodies of 1 MiB and more.",
    429: "Limit the hub's calls less, or answer 503: it repeats by itself with growing waits.",
}
_BY_FAILURE = {
    "in time": f"Answer within {ANSWER_S} s: take the message first, and do the rest of the work afterwards.",
    "Refused": "Nobody listens there: look at host and port of the bank's url, and at firewalls on the way.",
    "SSL": "The certificate is none that browsers trust for this host: renew it, and send the ones between with it.",
    "resolved": "The host's name is not known: look at the bank's url.",
    "private address": "The host must be public, or one of HUB_ALLOWED_HOSTS.",
    "bytes": "Answer in a few words: what is said in the body counts for nothing.",
}
_OF_THEIRS = "The bank's own system failed: what it wrote into its log at that moment says why."
_BROKEN = "The answer did not come whole: look for what cuts connections on the way."


def advice(exchange: Exchange, usual: str) -> str:
    """What to do: by the status or by the failure, and `usual` where neither tells."""
    if exchange.answer is None:
        detail = "" if exchange.refusal is None else exchange.refusal.detail
        return next((advised for word, advised in _BY_FAILURE.items() if word in detail), _BROKEN)
    status = exchange.answer.status
    if status >= 500:
        return _OF_THEIRS
    if 300 <= status < 400:
        return _BY_STATUS[300]
    return _BY_STATUS.get(status, usual)
