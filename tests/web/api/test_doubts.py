"""Hints by API: with a sentence in both languages, answered by the bank whose case it is, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.doubts import Doubt, DoubtKind
from hub.wiring import Hub
from storage import doubts, negotiation_locks
from storage.records import DoubtRecord
from tests.applications import CMB
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


@pytest.fixture
def hint(hub: Hub, delivered: str) -> str:
    """The id of a hint about the case."""
    with hub.writing(HUB) as tx:
        row = negotiation_locks.lock(tx, delivered.rpartition("/")[2])
        facts = {"declared_fen": 500_000, "shown_fen": 812_350}
        return doubts.add(tx, row, Doubt(kind=DoubtKind.SUMS_DIFFER, facts=facts)).id


def hints(icbc: Caller, delivered: str) -> Any:
    return made(icbc.get(f"/bank{delivered}/desk"), 200)["doubts"]


def test_a_hint_is_shown_and_answered(icbc: Caller, delivered: str, hint: str) -> None:
    [shown] = hints(icbc, delivered)
    assert (shown["id"], shown["kind"], shown["evidence_id"]) == (hint, "sums_differ", None)
    assert shown["facts"] == {"declared_fen": 500_000, "shown_fen": 812_350}
    assert shown["text_zh"].startswith("材料显示每月收入 8,123.50 元")
    assert shown["text_en"].startswith("The papers show an income of 8,123.50 yuan a month")
    assert (shown["answer"], shown["answered_at"]) == (None, None)
    for answer in ("asked", "no_concern"):
        found = made(icbc.post(f"/bank{delivered}/doubts/{hint}/answer", {"answer": answer}), 200)
        assert found["doubts"] == hints(icbc, delivered)
        assert found["doubts"][0]["answer"] == answer
        assert found["doubts"][0]["answered_at"] is not None


@pytest.mark.parametrize(
    ("body", "code"), [({}, "required"), ({"answer": "refused"}, "unknown_choice"), ({"answer": None}, "null")]
)
def test_any_other_answer_is_refused(hub: Hub, icbc: Caller, delivered: str, hint: str, body: Any, code: str) -> None:
    answer = icbc.post(f"/bank{delivered}/doubts/{hint}/answer", body)
    assert answer.status_code == 422
    assert faults_of(answer) == {("/answer", code)}
    with hub.reading(HUB) as tx:
        assert tx.session.get_one(DoubtRecord, hint).answer is None


def test_another_bank_and_another_hint_are_not_found(
    bank_app: Callable[[str], Caller], icbc: Caller, delivered: str, hint: str
) -> None:
    cmb = bank_app(CMB)
    body = {"answer": "asked"}
    assert cmb.post(f"/bank{delivered}/doubts/{hint}/answer", body).status_code == 404
    assert icbc.post(f"/bank{delivered}/doubts/{'0' * 32}/answer", body).status_code == 404
    assert hints(icbc, delivered)[0]["answer"] is None
