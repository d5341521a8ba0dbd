"""The reading of the journal itself: what fits is passed, and every kind of misfit is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.kills import history
from tests.kills.history import Call

NEGOTIATION = {"id": "n1", "reference": "XS-1", "bank": {"code": "01020000"}}
APPLICATION = {
    "id": "a1",
    "reference": "SQ-1",
    "submitted_at": "2026-11-21T10:00:00+08:00",
    "applicant": {"subject": "s1", "name": "王*明"},
    "negotiations": [NEGOTIATION],
}
FILE = {"id": "e1", "kind": "payslip", "file_name": "a.pdf", "media_type": "application/pdf", "size": 3}
FILE |= {"sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
AGREEMENT = {"id": "g1", "number": "XY-1", "offer_id": "o1", "signed_at": "2026-11-22T10:00:00+08:00"}
AGREED = {**NEGOTIATION, "agreement": AGREEMENT, "offers": [{"id": "o1"}]}


def _call(path: str, said: Any, told: Any) -> Call:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    answer = None if told is None else json.dumps(told).encode()
    return Call(who="app", key=path, path=path, body=body, status=None if told is None else 201, answer=answer)


def _entries(*kinds: str) -> list[Any]:
    return [
        {"sequence": n, "kind": kind, "text": kind, "digest": f"d{n}", "previous": f"d{n - 1}"}
        for n, kind in enumerate(kinds, 1)
    ]


SAID = {"accounts": [{"bank_code": "01020000"}], "applicant": {"subject": "s1"}}


class World:
    """A journal and what the API shows, which fit."""

    def __init__(self) -> None:
        bank = "/bank/negotiations/n1"
        self.calls = [
            _call("/evidence?kind=payslip", b"abc", FILE),
            _call("/applications", SAID, APPLICATION),
            _call(f"{bank}/acknowledge", None, {}),
            _call(f"{bank}/offers", {}, {"id": "o1"}),
            _call("/negotiations/n1/messages", {"text": "message"}, {}),
            _call("/negotiations/n1/offers/o1/accept", {}, AGREED),
        ]
        page = {"items": [NEGOTIATION], "next_cursor": None}
        self.log = _entries("submitted", "screened", "acknowledged", "message", "offered", "accepted")
        self.shown: dict[str, Any] = {
            "/evidence/e1": FILE,
            "/evidence/e1/content": b"abc",
            "/applications/a1": APPLICATION,
            "/negotiations?subject=s1&limit=200": page,
            "/negotiations?limit=200": page,
            "/negotiations/n1": AGREED,
        }

    def faults(self) -> list[str]:
        log = {"items": self.log, "next_cursor": None}
        shown = {**self.shown, "/negotiations/n1/communications?limit=200": log}
        return history.faults(self.calls, lambda _who, path: (200, shown[path]) if path in shown else (404, {}))


def _twice(world: World) -> None:
    page = {"items": [NEGOTIATION, {**NEGOTIATION, "id": "n2"}], "next_cursor": None}
    world.shown |= {"/negotiations?subject=s1&limit=200": page, "/negotiations?limit=200": page}


def _another_reference(world: World) -> None:
    world.shown["/applications/a1"] = {**APPLICATION, "reference": "SQ-2"}


def _another_negotiation(world: World) -> None:
    world.shown["/applications/a1"] = {**APPLICATION, "negotiations": [{**NEGOTIATION, "reference": "XS-2"}]}


def _half_of_it(world: World) -> None:
    world.calls[1] = _call("/applications", {**SAID, "accounts": [{"bank_code": "1"}, {"bank_code": "2"}]}, None)


def _another_agreement(world: World) -> None:
    world.shown["/negotiations/n1"] = {**AGREED, "agreement": {**AGREEMENT, "number": "XY-2"}}


MISFITS: dict[str, Callable[[World], None]] = {
    "a file is gone": lambda world: world.shown.pop("/evidence/e1"),
    "other bytes": lambda world: world.shown.update({"/evidence/e1/content": b"abd"}),
    "the application is gone": lambda world: world.shown.pop("/applications/a1"),
    "the negotiation is gone": lambda world: world.shown.pop("/negotiations/n1"),
    "one more negotiation": _twice,
    "another reference": _another_reference,
    "another negotiation": _another_negotiation,
    "half an application": _half_of_it,
    "another agreement": _another_agreement,
    "no offer": lambda world: world.shown.update({"/negotiations/n1": {**AGREED, "offers": []}}),
    "no acknowledgement": lambda world: world.log.pop(2),
    "two messages": lambda world: world.log.append({**world.log[3], "sequence": 7, "digest": "d7", "previous": "d6"}),
    "screened twice": lambda world: world.log.append({**world.log[1], "sequence": 7, "digest": "d7", "previous": "d6"}),
    "a broken chain": lambda world: world.log[4].update(previous="other"),
    "out of order": lambda world: world.log.reverse(),
}


def test_what_fits_is_passed() -> None:
    assert World().faults() == []


def test_a_call_that_was_not_answered_may_have_been_done_or_not() -> None:
    done, undone = World(), World()
    for world in (done, undone):
        world.calls[1:] = [_call("/applications", SAID, None)]
    empty: dict[str, Any] = {"items": [], "next_cursor": None}
    undone.shown |= {"/negotiations?subject=s1&limit=200": empty, "/negotiations?limit=200": empty}
    assert done.faults() == undone.faults() == []


@pytest.mark.parametrize("misfit", MISFITS)
def test_a_misfit_is_told(misfit: str) -> None:
    world = World()
    world.shown, world.log = deepcopy(world.shown), deepcopy(world.log)
    MISFITS[misfit](world)
    assert world.faults()
