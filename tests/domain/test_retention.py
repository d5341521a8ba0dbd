"""How long what is kept: never shorter than the law, longer where the operator says so."""

import pytest

from hub.domain.errors import Unusable
from hub.domain.retention import OF_A_NEGOTIATION, RULES, DataClass, Periods


def test_every_class_says_what_it_is() -> None:
    """Each has its rule; those that end by time say from when."""
    assert set(RULES) == set(DataClass)
    assert all(rule.begins for rule in RULES.values() if rule.days is not None)


def test_the_shortest_periods() -> None:
    """Files of what came to nothing go first; agreements stay ten calendar years."""
    periods = Periods.parse("")

    assert [periods.of(each).days for each in OF_A_NEGOTIATION] == [90, 183, 1096, 3653]


def test_a_period_can_be_longer() -> None:
    """The operator's days count, the others stay."""
    periods = Periods.parse(" files = 120, application=365 ")

    assert [periods.of(each).days for each in OF_A_NEGOTIATION] == [120, 365, 1096, 3653]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files=89", "at least"),
        ("agreement=365", "at least"),
        ("files=", "at least"),
        ("files", "at least"),
        ("files=-1", "at least"),
        ("audit=900", "none of"),
        ("nothing=900", "none of"),
    ],
)
def test_a_period_is_never_shorter(text: str, said: str) -> None:
    """Nor is one of a class that has none."""
    with pytest.raises(Unusable, match=said):
        Periods.parse(text)
