"""Who stands up for an applicant, whom an open negotiation keeps out, and what waits for the bank's word."""

import pytest

from hub.domain.identity import IdentityLevel, blocks, needs_confirmation

MOBILE, HOST, VERIFIED = IdentityLevel.MOBILE, IdentityLevel.HOST, IdentityLevel.VERIFIED


@pytest.mark.parametrize(
    ("first", "confirmed", "second", "blocked"),
    [
        (MOBILE, False, MOBILE, True),
        (MOBILE, False, HOST, False),
        (MOBILE, False, VERIFIED, False),
        (MOBILE, True, HOST, True),  # the bank knows that this is its customer
        (HOST, False, MOBILE, True),
        (HOST, False, HOST, True),
        (HOST, False, VERIFIED, True),
        (VERIFIED, False, HOST, True),
        (VERIFIED, False, MOBILE, True),
    ],
)
def test_a_lower_level_never_keeps_a_higher_one_out(
    first: IdentityLevel, confirmed: bool, second: IdentityLevel, blocked: bool
) -> None:
    assert blocks(first, confirmed=confirmed, second=second) is blocked


@pytest.mark.parametrize(
    ("level", "confirmed", "needed"),
    [
        (MOBILE, None, True),
        (MOBILE, False, True),
        (MOBILE, True, False),
        (HOST, None, False),
        (VERIFIED, None, False),
    ],
)
def test_an_offer_waits_for_the_bank_where_nobody_else_stands_up(
    level: IdentityLevel, confirmed: bool | None, needed: bool
) -> None:
    assert needs_confirmation(level, confirmed) is needed
