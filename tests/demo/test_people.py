"""The invented people of the demo: numbers that are fit to be real ones, and are nobody's."""

from datetime import date

import pytest

from hub.demo.people import CITIC, CMB, ICBC, Person
from hub.demo.stories import STORIES
from hub.domain import identifiers
from hub.domain.identifiers import IdType

PEOPLE = [Person(name=story.name, number=number) for number, story in enumerate(STORIES, start=1)]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_their_numbers_pass_every_check(person: Person) -> None:
    assert identifiers.id_number(IdType.RESIDENT_ID, person.id_number, today=date(2026, 11, 28)) == person.id_number
    assert all(identifiers.fits_luhn(person.card(bank)) for bank in (ICBC, CMB, CITIC))


def test_no_two_share_a_number() -> None:
    numbers = [[person.id_number, person.mobile, *map(person.card, (ICBC, CMB, CITIC))] for person in PEOPLE]
    assert len({number for each in numbers for number in each}) == 5 * len(PEOPLE)
