"""What is new to a person in their negotiation since they last looked at it."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import NotFound
from hub.domain.news import News, NewsKind
from hub.services.accounts.cardholders import Cardholder
from hub.services.reading.cardholder import looks
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn."""
    return open_case()


@pytest.fixture
def person(case: Case) -> Cardholder:
    """Its person, as the mobile alone tells them."""
    with case.row() as (_, row):
        return Cardholder(key="k", mobile="13800138000", mobile_indexes=(row.mobile_index,))


def news(case: Case, person: Cardholder) -> News:
    with case.hub.reading(HUB) as tx:
        return looks.news_of(tx, person, [case.id])[case.id]


def look(case: Case, person: Cardholder, sequence: int | None = None) -> None:
    end = len(case.log()) if sequence is None else sequence
    with case.hub.writing(person.actor) as tx:
        looks.note_look(tx, person, case.id, end)


def test_what_the_bank_does_is_new_until_the_person_looks(case: Case, person: Cardholder) -> None:
    look(case, person)
    assert len(news(case, person)) == 0
    case.ask()
    assert news(case, person).kinds == (NewsKind.QUESTION,)
    assert news(case, person).sequences == {len(case.log())}
    look(case, person)
    assert len(news(case, person)) == 0


def test_before_the_first_look_all_that_others_did_is_new(case: Case, person: Cardholder) -> None:
    assert len(news(case, person)) == 0
    case.acknowledge()
    assert news(case, person).kinds == (NewsKind.NOTICE,)


def test_own_words_are_never_new(case: Case, person: Cardholder) -> None:
    case.acknowledge()
    look(case, person)
    case.write("我已经寄出。")
    assert len(news(case, person)) == 0


def test_what_came_while_the_page_was_made_stays_new_and_an_older_look_takes_nothing_back(
    case: Case, person: Cardholder
) -> None:
    case.acknowledge()
    read = len(case.log())
    case.ask()
    look(case, person, read)
    assert news(case, person).kinds == (NewsKind.QUESTION,)
    look(case, person)
    look(case, person, read)
    assert len(news(case, person)) == 0


def test_each_person_has_looks_of_their_own(case: Case, person: Cardholder) -> None:
    case.acknowledge()
    look(case, person)
    other = Cardholder(key="k", mobile="13900139000", mobile_indexes=(b"another",))
    assert len(news(case, other)) == 1
    with pytest.raises(NotFound):
        look(case, other)
    assert len(news(case, other)) == 1
