"""Which changes of a bank's own settings loosen who looks at an offer."""

import pytest

from hub.domain.bank import BankRules
from hub.domain.bank_settings import read_rules
from hub.domain.own_settings import CONTROLS, OWN_KEYS, changed, loosened, text_of


@pytest.mark.parametrize(
    ("before", "after", "loosens"),
    [
        ({}, {"four_eyes_above_fen": "5000001"}, True),
        ({}, {"four_eyes_above_fen": "4999999"}, False),
        ({}, {"approval_levels": "100:supervisor"}, False),
        ({}, {"approval_levels": "6000000:bank_admin"}, True),
        ({"approval_levels": "100:supervisor,200:bank_admin"}, {"approval_levels": "100:supervisor"}, True),
        ({"approval_levels": "100:supervisor"}, {"approval_levels": ""}, True),
        ({"approval_levels": "100:supervisor"}, {"approval_levels": "200:supervisor"}, True),
        ({"approval_levels": "200:supervisor"}, {"approval_levels": "100:supervisor,200:bank_admin"}, False),
        (
            {"approval_levels": "100:supervisor;waived_principal:+1"},
            {"approval_levels": "100:supervisor"},
            True,
        ),
        # Levels that reach lower stand for the single threshold.
        ({"approval_levels": "100:supervisor"}, {"four_eyes_above_fen": "9000000"}, False),
    ],
    ids=str,
)
def test_fewer_eyes_on_an_offer_of_any_size_are_looser(
    before: dict[str, str], after: dict[str, str], loosens: bool
) -> None:
    assert loosened(read_rules(before), {**before, **after}) is loosens


def test_every_own_setting_is_a_rule_whose_value_can_be_written_and_read_back() -> None:
    default = BankRules()
    for key in OWN_KEYS:
        assert getattr(read_rules({key: text_of(default, key)}), key) == getattr(default, key), key
    assert set(OWN_KEYS) >= CONTROLS


def test_what_says_the_same_is_no_change_and_an_empty_one_asks_for_the_default() -> None:
    rules = read_rules({"offer_days": "10", "hotline": "95588"})
    assert changed(rules, {"offer_days": "10", "hotline": " 95588 ", "pause_on_evidence": "false"}) == {}
    assert changed(rules, {"offer_days": "", "hotline": ""}) == {"offer_days": ("10", "7"), "hotline": ("95588", "")}
