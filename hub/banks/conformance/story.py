"""The checks of what a bank says about the test application, whichever way it comes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from hub.banks.conformance.report import Check, judged, not_asked
from hub.domain.bank_event import Content, EventType, LoadedEvent
from hub.domain.offer import BankOffer

DECISIONS = frozenset({EventType.OFFERED, EventType.REJECTED})
NAMES = (
    "says one thing under one id",
    "does nothing twice",
    "acknowledges before it decides",
    "decides: an offer or a rejection",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something the bank said under an id, with the digest of the whole; `event` where it could be read."""

    id: str
    digest: str
    event: LoadedEvent | None


def story_checks(heard: Sequence[Heard]) -> Iterator[Check]:
    """Whether what was said makes a story: nothing twice, in an order, with an end."""
    events = [each.event.type for each in heard if each.event is not None]
    if not events:
        for name in NAMES:
            yield not_asked(name, expected="", why="nothing came that could be read")
        return
    yield _one_id(heard)
    yield _once(heard)
    yield from _of_order(events)


def _one_id(heard: Sequence[Heard]) -> Check:
    two = _reused(heard)
    return judged(
        NAMES[0],
        passed=not two,
        expected="the same content whenever an id comes again",
        came=first_of(two, "it is the same"),
        to_do="A repeat carries the same content; something new bears a new id.",
    )


def _reused(heard: Sequence[Heard]) -> list[str]:
    digests = defaultdict(set)
    for each in heard:
        digests[each.id].add(each.digest)
    return [event_id for event_id, found in digests.items() if len(found) > 1]


def _once(heard: Sequence[Heard]) -> Check:
    """We sent the application twice under one id: whoever handles it twice says everything twice, under other ids."""
    ids: dict[EventType, list[tuple[Content, set[str]]]] = defaultdict(list)
    reused = _reused(heard)
    for event, event_id in ((each.event, each.id) for each in heard):
        # What stands under an id of something else is another fault.
        if event is None or event_id in reused:
            continue
        content = _without_its_end(event.content)
        known = next((found for same, found in ids[event.type] if same == content), None)
        if known is None:
            ids[event.type].append((content, {event_id}))
        else:
            known.add(event_id)
    repeated = chain.from_iterable(
        [f"{type_} under {len(found)} ids" for _, found in contents if len(found) > 1]
        for type_, contents in ids.items()
    )
    twice = ", ".join(repeated)
    return judged(
        NAMES[1],
        passed=not twice,
        expected="one event for each thing, although the application came twice under its id",
        came=twice or "each thing was said once",
        to_do="Keep the id of each message; what comes again under it is answered as the first time, and not handled.",
    )


def _without_its_end(content: Content) -> Content:
    return replace(content, valid_until=None) if isinstance(content, BankOffer) else content


def _of_order(events: Sequence[EventType]) -> Iterator[Check]:
    _, _, order, decides = NAMES
    first = events.index(EventType.ACKNOWLEDGED) if EventType.ACKNOWLEDGED in events else 0
    yield judged(
        order,
        passed=not DECISIONS & set(events[:first]),
        expected="acknowledged first, where it is said at all",
        came=", ".join(events),
        to_do="Send one after the other: wait for the answer to the first before the next is sent.",
    )
    yield judged(
        decides,
        passed=bool(DECISIONS & set(events)),
        expected="an offer or a rejection",
        came=", ".join(dict.fromkeys(events)),
        to_do="Decide the test application in your system while the test waits (--wait is in seconds).",
    )


def first_of(found: Sequence[str], none: str) -> str:
    """The first of them and how many there are, or `none`."""
    if not found:
        return none
    return found[0] if len(found) == 1 else f"{found[0]} ({len(found)} times)"
