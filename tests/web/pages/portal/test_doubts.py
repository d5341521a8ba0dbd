"""Hints beside a case and its files: calm words, what a colleague did, and nobody else's."""

from __future__ import annotations

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.doubts import Doubt, DoubtKind
from hub.services.operating import audit
from hub.web.doubt_sentences import SENTENCES, doubt_text
from hub.wiring import Hub
from storage import doubts, negotiation_locks
from storage.records import DoubtRecord, LogEntryRecord
from tests.applications import CMB
from tests.services.case import Case
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk
from tests.web.pages.visitor import Visitor

FACTS: dict[str, str | int] = {
    "editor": "Adobe Photoshop",
    "declared_fen": 500_000,
    "shown_fen": 812_350,
    "people": 3,
    "days": 30,
}


@pytest.fixture
def hint(case: Case) -> str:
    """The id of a hint about the case's only file."""
    return add(case, Doubt(kind=DoubtKind.SAME_FILE, evidence_id=case.sent.evidence[0]))


def add(case: Case, doubt: Doubt) -> str:
    with case.hub.writing(HUB) as tx:
        return doubts.add(tx, negotiation_locks.lock(tx, case.id), doubt).id


def answers(hub: Hub) -> list[str | None]:
    with hub.reading(HUB) as tx:
        return [each.answer for each in tx.session.query(DoubtRecord)]


@pytest.mark.parametrize("kind", DoubtKind)
def test_every_kind_has_a_sentence_in_both_languages_without_a_gap(kind: DoubtKind) -> None:
    zh, en = (doubt_text(Doubt(kind=kind, facts=FACTS), language) for language in ("zh", "en"))
    assert zh != en
    assert "…" not in zh + en
    assert "%(" not in zh + en
    assert set(SENTENCES) == set(DoubtKind)


@pytest.mark.usefixtures("hint")
def test_it_stands_beside_the_case_and_the_file(clerk: Clerk, case: Case) -> None:
    add(case, Doubt(kind=DoubtKind.SUMS_DIFFER, facts=FACTS))
    page, view = clerk.read(), clerk.read(f"/evidence/{case.sent.evidence[0]}/view")
    for text in (page, view):
        assert "另一位客户也提交过同一个文件。" in text
        assert "只供参考，不是结论，也不影响受理" in text
    assert "材料显示每月收入 8,123.50 元，客户填写 5,000.00 元。" in page
    assert "材料显示每月收入" not in view


def test_a_case_without_hints_says_nothing_of_them(clerk: Clerk) -> None:
    assert "可以留意" not in clerk.read()


def test_what_was_done_is_noted_once_and_stands_there(clerk: Clerk, case: Case, hub: Hub, hint: str) -> None:
    entries = count(hub, LogEntryRecord)
    for _ in range(2):
        answer = clerk.post(f"{clerk.address}/doubts/{hint}", {"answer": "asked"})
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("#doubts")
    assert answers(hub) == ["asked"]
    assert "已向客户了解 · " in clerk.read()
    assert count(hub, LogEntryRecord) == entries
    with hub.reading(HUB) as tx:
        assert [each.kind for each in audit.newest(tx)].count("doubt_answered") == 1
    file = case.sent.evidence[0]
    back = clerk.post(f"{clerk.address}/doubts/{hint}", {"answer": "no_concern", "file": file})
    assert back.headers["Location"].endswith(f"/evidence/{file}/view")
    assert answers(hub) == ["no_concern"]


def test_any_other_word_changes_nothing(clerk: Clerk, hub: Hub, hint: str) -> None:
    assert clerk.post(f"{clerk.address}/doubts/{hint}", {"answer": "refused"}).status_code == 303
    assert answers(hub) == [None]


def test_whatever_is_said_of_an_unknown_case_or_another_banks_it_is_not_found(
    app: Flask, clerk: Clerk, hint: str
) -> None:
    stranger = Visitor(app, f"reviewer-{CMB}")
    assert stranger.post(f"{clerk.address}/doubts/{hint}", {"answer": "refused"}).status_code == 404
    unknown = f"/portal/negotiations/{'0' * 32}/doubts/{hint}"
    assert clerk.post(unknown, {"answer": ""}).status_code == 404


def test_another_banks_people_find_nothing(app: Flask, clerk: Clerk, hub: Hub, hint: str) -> None:
    stranger = Visitor(app, f"reviewer-{CMB}")
    assert stranger.post(f"{clerk.address}/doubts/{hint}", {"answer": "asked"}).status_code == 404
    assert clerk.post(f"{clerk.address}/doubts/{'0' * 32}", {"answer": "asked"}).status_code == 404
    assert answers(hub) == [None]


def test_the_person_sees_none_of_it_on_their_page(case: Case, hint: str) -> None:
    del hint
    assert "same_file" not in str(case.view())
