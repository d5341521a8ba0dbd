"""What an offer says is whole, follows from its terms and balances, and is what the log has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.plain import Plain
from hub.services.operating import invariants
from hub.services.operating.offer_invariants import COVERED
from storage import offers
from storage.records import OfferRecord
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.offer_case import case, database

__all__ = ["case", "database"]
LOGGED = "not the offer that the log has"


def details(case: Case, statement: sa.Executable) -> list[str]:
    with broken(case.hub, statement) as tx:
        return [each.detail for each in invariants.breaches(tx, case.hub.store) if each.invariant == "offer_is_whole"]


def said(case: Case, offer: str, change: Callable[[Plain], Any]) -> sa.Executable:
    """What the offer says is sealed once more, changed."""
    with case.hub.reading(HUB) as tx:
        contents = offers.contents_in(tx, tx.session.get_one(OfferRecord, offer))
        assert contents is not None
        change(contents)
        sealed = offers.seal_contents(tx, offer, contents)
    return sa.update(OfferRecord).where(OfferRecord.id == offer).values(said_sealed=sealed)


@pytest.mark.parametrize("name", COVERED)
def test_a_digest_that_does_not_cover_everything_is_named(case: Case, name: str) -> None:
    offer = case.offer()
    found = details(case, said(case, offer, lambda contents: contents.pop(name)))
    assert found == [LOGGED, f"its digest does not cover {name}"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda said: said["terms"].update(instalments=48), "other terms or balances than it is kept with"),
        (lambda said: said["balances"][0].update(fees_fen=1), "other terms or balances than it is kept with"),
        (lambda said: said["texts"].update(default_clause=" "), "its texts are empty"),
    ],
)
def test_what_does_not_follow_is_named(case: Case, change: Callable[[Plain], Any], detail: str) -> None:
    assert details(case, said(case, case.offer(), change)) == [LOGGED, detail]


def test_what_is_planned_and_left_out_adds_up(case: Case) -> None:
    offer = case.offer()
    follows = "what is planned and what is left out do not follow from its terms and balances"
    adds_up = "its balances are not planned, waived and left out to the fen"
    for change in (
        lambda contents: contents.update(left_out_fen=1),
        lambda contents: contents["planned"].update(interest_fen=5),
    ):
        assert details(case, said(case, offer, change)) == [LOGGED, follows, adds_up]


def test_what_cannot_be_read_is_named(case: Case) -> None:
    offer = case.offer()
    for sealed in (b"x", None):
        assert details(case, sa.update(OfferRecord).values(said_sealed=sealed)) == ["what it says cannot be read"]
    case.accept(offer)
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []


@pytest.mark.parametrize(
    ("approvers", "detail"),
    [
        ([None], "it was opened before every level had approved it"),
        (["staff/a", "staff/a"], "somebody approved it twice, or what they made themselves"),
        (["staff/reviewer"], "somebody approved it twice, or what they made themselves"),
        (["staff/a", "staff/b"], None),
    ],
)
def test_an_offer_that_opened_past_its_levels_is_named(
    case: Case, approvers: list[str | None], detail: str | None
) -> None:
    offer = case.offer()
    at = "2026-11-21T10:00:00+08:00"
    levels = [{"role": "supervisor", "by": by and f"bank:{by}", "at": by and at} for by in approvers]
    change = sa.update(OfferRecord).where(OfferRecord.id == offer).values(approvals=levels)
    assert details(case, change) == ([] if detail is None else [detail])
