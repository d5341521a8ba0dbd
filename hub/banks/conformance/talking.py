"""What follows the first answer: a message with a file, a counter-offer, an acceptance, at the end the withdrawal."""

from collections.abc import Iterator
from typing import Any

from hub.banks.conformance.advice import advice
from hub.banks.conformance.altered import Exchange, sent
from hub.banks.conformance.application import accepted, countered, ended, withdrawn, worded
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.port import Message
from hub.domain.errors import InProcess

_MESSAGE, _COUNTER, _ACCEPTED, _ENDED = (
    "takes a message with a file",
    "takes a counter-offer",
    "takes the acceptance of an offer",
    "takes the end of an agreement",
)
_TYPES = "Take every type of message that docs/joining.md lists."


def talk(trial: Trial, terms: dict[str, Any] | None) -> Iterator[Check]:
    """The bank takes what a cardholder would say; with `terms` of an offer of its own also what becomes of that."""
    yield taken(trial, _MESSAGE, worded(trial))
    if terms is None:
        yield from _not_tried("the bank made no offer")
        return
    yield taken(trial, _COUNTER, countered(trial, terms))
    yield taken(trial, _ACCEPTED, accepted(trial, terms))
    yield taken(trial, _ENDED, ended(trial))


def not_talked(why: str) -> Iterator[Check]:
    """The same checks, none of them made."""
    yield not_asked(_MESSAGE, expected="", why=why)
    yield from _not_tried(why)


def _not_tried(why: str) -> Iterator[Check]:
    for name in (_COUNTER, _ACCEPTED, _ENDED):
        yield not_asked(name, expected="", why=why)


def taken(trial: Trial, name: str, message: Message) -> Check:
    """The message is sent, under a check of that name: whether the bank takes it."""
    exchange = sent(trial, message)
    return judged(
        name,
        passed=_is_taken(exchange),
        expected="taken as the application was",
        came=exchange.came,
        to_do=advice(exchange, _TYPES),
    )


def _is_taken(exchange: Exchange) -> bool:
    return exchange.refusal is None or isinstance(exchange.refusal, InProcess)


def withdraw(trial: Trial, *, agreed: bool = False) -> Check:
    """The bank has heard that the test application is withdrawn, or has not taken that.

    Behind an acceptance, as no cardholder can say it, a clear no is as good: then its people know of the test.
    """
    last = sent(trial, withdrawn(trial))
    says_no = agreed and last.answer is not None and last.answer.status < 500
    return judged(
        "takes the withdrawal of the test application",
        passed=_is_taken(last) or says_no,
        expected="taken as the application was",
        came=last.came,
        to_do=advice(last, _TYPES),
    )
