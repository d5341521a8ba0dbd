"""What clients were told against what the API shows: an independent reading that shares no code with the hub.

Each call that was answered is there, as it was answered, once; each that was not is there at most once.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any


@dataclass(kw_only=True)
class Call:
    """One POST of a client under its key. `status` and `answer` are None until it was answered."""

    who: str
    key: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int | None = None
    answer: bytes | None = None

    @property
    def answered(self) -> bool:
        """Whether the client knows what became of it."""
        return self.status is not None

    @property
    def deed(self) -> str:
        """What it asks for: the last word of its path."""
        return self.path.partition("?")[0].rpartition("/")[2]

    @property
    def told(self) -> Any:
        """The answer's JSON."""
        return json.loads(self.answer or b"null")

    @property
    def said(self) -> Any:
        """The request's JSON."""
        return json.loads(self.body or b"null")


# Gives status and JSON (or bytes) of a GET as the client of that name.
Show = Callable[[str, str], tuple[int, Any]]


def faults(calls: Iterable[Call], show: Show) -> list[str]:
    """Whatever does not fit, in words; empty where all does."""
    every = list(calls)
    return [
        *_files(every, show),
        *_applications(every, show),
        *_negotiations(every, show),
    ]


def _files(calls: list[Call], show: Show) -> Iterator[str]:
    for call in calls:
        if call.deed != "evidence" or not call.answered:
            continue
        told = call.told
        status, shown = show(call.who, f"/evidence/{told['id']}")
        if status != 200:
            yield f"file {told['id']} was answered and is not there ({status})"
            continue
        if any(shown[name] != told[name] for name in ("id", "kind", "file_name", "media_type", "size", "sha256")):
            yield f"file {told['id']} is another than was answered"
        status, content = show(call.who, f"/evidence/{told['id']}/content")
        if status != 200 or _sha256(content) != _sha256(call.body):
            yield f"file {told['id']}: not the bytes that were sent ({status})"


def _sha256(content: Any) -> str:
    return hashlib.sha256(content if isinstance(content, bytes) else repr(content).encode()).hexdigest()


def _applications(calls: list[Call], show: Show) -> Iterator[str]:
    submits = [call for call in calls if call.path == "/applications"]
    for call in submits:
        banks = Counter({account["bank_code"] for account in call.said["accounts"]})
        subject = call.said["applicant"]["subject"]
        mine = _every(call.who, f"/negotiations?subject={subject}&limit=200", show)
        held = Counter(each["bank"]["code"] for each in mine)
        if held != banks and (call.answered or held):
            yield f"{subject}: asked {sorted(banks.elements())}, holds {sorted(held.elements())}"
        if not call.answered:
            continue
        told = call.told
        status, shown = show(call.who, f"/applications/{told['id']}")
        if status != 200:
            yield f"application {told['reference']} was answered and is not there ({status})"
            continue
        if any(shown[name] != told[name] for name in ("id", "reference", "submitted_at", "applicant")):
            yield f"application {told['reference']} is another than was answered"
        if _names(shown["negotiations"]) != _names(told["negotiations"]) or _names(mine) != _names(
            shown["negotiations"]
        ):
            yield f"application {told['reference']}: its negotiations are others than were answered"
    for who in {call.who for call in submits}:
        asked = sum(
            len({account["bank_code"] for account in call.said["accounts"]}) for call in submits if call.who == who
        )
        held_in_all = len(_every(who, "/negotiations?limit=200", show))
        if held_in_all > asked:
            yield f"{who} asked for {asked} negotiations and holds {held_in_all}"


def _names(negotiations: list[Any]) -> set[tuple[str, str, str]]:
    return {(each["id"], each["reference"], each["bank"]["code"]) for each in negotiations}


def _every(who: str, path: str, show: Show) -> list[Any]:
    items: list[Any] = []
    cursor = ""
    while True:
        status, page = show(who, path + cursor)
        if status != 200:
            return items
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"


# Deeds, and the kind of the one entry that each leaves in the log.
_ENTRIES = {"acknowledge": "acknowledged", "messages": "message", "accept": "accepted", "offers": "offered"}
_ONCE = ("submitted", "screened", "acknowledged", "accepted", "document_printed")


def _negotiations(calls: list[Call], show: Show) -> Iterator[str]:
    owners = {
        each["id"]: call.who
        for call in calls
        if call.path == "/applications" and call.answered
        for each in call.told["negotiations"]
    }
    for negotiation, who in owners.items():
        mine = [call for call in calls if f"/negotiations/{negotiation}/" in call.path]
        status, shown = show(who, f"/negotiations/{negotiation}")
        if status != 200:
            yield f"negotiation {negotiation} is not there ({status})"
            continue
        log = _every(who, f"/negotiations/{negotiation}/communications?limit=200", show)
        yield from (f"{shown['reference']}: {fault}" for fault in _chain(log))
        yield from (f"{shown['reference']}: {fault}" for fault in _deeds(mine, shown, log))


def _chain(log: list[Any]) -> Iterator[str]:
    sequences = [entry["sequence"] for entry in log]
    if sequences != sorted(set(sequences)):
        yield f"the log's entries are out of order: {sequences}"
    for before, after in pairwise(log):
        # Between two that do not follow each other stands an entry that this client may not see.
        if after["sequence"] == before["sequence"] + 1 and after["previous"] != before["digest"]:
            yield f"entry {after['sequence']} of the log does not hang on the one before"


def _deeds(calls: list[Call], shown: Any, log: list[Any]) -> Iterator[str]:
    kinds = Counter(entry["kind"] for entry in log)
    for deed, kind in _ENTRIES.items():
        asked = [call for call in calls if call.deed == deed]
        least = sum(call.answered for call in asked)
        if not least <= kinds[kind] <= len(asked):
            yield f"{deed}: {len(asked)} asked, {least} answered, {kinds[kind]} in the log"
    # What can happen once only, and what is told in words of its own each time.
    words = Counter((entry["kind"], entry["text"]) for entry in log if entry["kind"] in ("message", "delivered"))
    twice = [kind for kind in _ONCE if kinds[kind] > 1] + [text for text, times in words.items() if times > 1]
    if twice:
        yield f"twice in the log: {twice}"
    offers = {call.told["id"] for call in calls if call.deed == "offers" and call.answered}
    if not offers <= {offer["id"] for offer in shown["offers"]}:
        yield "an offer that was answered is not there"
    accepted = [call.told for call in calls if call.deed == "accept" and call.answered]
    if accepted and _agreement(accepted[0]) != _agreement(shown):
        yield "the agreement is another than was answered"


def _agreement(negotiation: Any) -> tuple[Any, ...] | None:
    agreement = negotiation["agreement"]
    return agreement and (agreement["id"], agreement["number"], agreement["offer_id"], agreement["signed_at"])
