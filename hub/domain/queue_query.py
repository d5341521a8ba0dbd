"""A question to the queue in the words of an address, read and written. Whatever is unknown is left out."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import parse_qs, urlencode

from hub.domain.application import HardshipReason
from hub.domain.lifecycle import Status
from hub.domain.queue_question import NOBODY, Order, OwedBand, QueueQuestion, Tab, Urgency

# The statuses in which a bank can know of a negotiation.
KNOWN_STATUSES: Final = (
    Status.AWAITING_BANK,
    Status.IN_REVIEW,
    Status.AWAITING_CARDHOLDER,
    Status.OFFERED,
    Status.AGREED,
    Status.REJECTED,
    Status.WITHDRAWN,
    Status.LAPSED,
)
DUE: Final = (Urgency.LATE, Urgency.TODAY, Urgency.SOON, Urgency.LATER, Urgency.PAUSED)
_LONGEST_ID: Final = 32
E = TypeVar("E", bound=StrEnum)


def question_of(given: Mapping[str, Sequence[str]]) -> QueueQuestion:
    """What the words ask for, each name with all that stands under it."""

    def first(name: str) -> str:
        return next(iter(given.get(name, ())), "")

    sort, owner = first("sort"), first("owner")
    orders = _known([sort.removeprefix("-")], Order)
    return QueueQuestion(
        tab=next(iter(_known([first("tab")], Tab)), Tab.ALL),
        due=next((each for each in _known([first("due")], Urgency) if each in DUE), None),
        statuses=tuple(each for each in _known(given.get("status", ()), Status) if each in KNOWN_STATUSES),
        reasons=_known(given.get("reason", ()), HardshipReason),
        owed=_known(given.get("owed", ()), OwedBand),
        owner=owner if owner == NOBODY or (owner.isalnum() and len(owner) <= _LONGEST_ID) else "",
        replied=first("replied") == "1",
        order=next(iter(orders), Order.DUE),
        down=bool(orders) and sort.startswith("-"),
    )


def _known(words: Iterable[str], kind: type[E]) -> tuple[E, ...]:
    there = {str(each): each for each in kind}
    return tuple(dict.fromkeys(there[word] for word in words if word in there))


def words_of(question: QueueQuestion) -> list[tuple[str, str]]:
    """The words that ask the question; none for the whole queue by due time."""
    sort = f"{'-' if question.down else ''}{question.order}"
    words = [
        ("tab", "" if question.tab is Tab.ALL else question.tab),
        ("due", question.due or ""),
        *(("status", each) for each in question.statuses),
        *(("reason", each) for each in question.reasons),
        *(("owed", each) for each in question.owed),
        ("owner", question.owner),
        ("replied", "1" if question.replied else ""),
        ("sort", "" if sort == Order.DUE else sort),
    ]
    return [(name, str(word)) for name, word in words if word]


def query_of(question: QueueQuestion) -> str:
    """The words as the part of an address behind the question mark."""
    return urlencode(words_of(question))


def question_in(query: str) -> QueueQuestion:
    """What such a part of an address asks for."""
    return question_of(parse_qs(query))
