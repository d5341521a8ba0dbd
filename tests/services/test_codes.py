"""Codes: six digits, right for their own row and purpose alone, and never in what is logged."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import TooManyTries
from hub.services import codes
from hub.services.codes import CODE_LIFE, CodeMessage, CodePurpose
from hub.wiring import Hub
from storage.records import SignInCodeRecord


def test_a_code_is_right_for_its_own_row_and_purpose_alone(hub: Hub) -> None:
    with hub.reading(HUB) as tx:
        drawn, other = codes.draw(tx, CodePurpose.SIGN_IN), codes.draw(tx, CodePurpose.SIGN_IN)
        row = SignInCodeRecord(id=drawn.id, digest=drawn.digest)
        of_another = SignInCodeRecord(id=other.id, digest=drawn.digest)
        assert codes.is_right(tx, row, drawn.code, CodePurpose.SIGN_IN)
        assert not codes.is_right(tx, row, drawn.code, CodePurpose.CONFIRMATION)
        assert not codes.is_right(tx, of_another, drawn.code, CodePurpose.SIGN_IN)
        assert not codes.is_right(tx, row, "", CodePurpose.SIGN_IN)


@pytest.mark.parametrize("purpose", CodePurpose)
def test_a_code_has_six_digits_and_a_life(hub: Hub, purpose: CodePurpose) -> None:
    with hub.reading(HUB) as tx:
        drawn = codes.draw(tx, purpose)
        assert (len(drawn.code), drawn.code.isdigit(), drawn.expires_at - tx.now) == (6, True, CODE_LIFE)


def test_no_code_is_in_what_its_message_looks_like_in_a_log() -> None:
    message = CodeMessage(to="13800138000", text="123456 是您的登录验证码", code="123456", code_id="a")
    assert "123456" not in repr(message)


@pytest.mark.parametrize(("passed_us", "wait_s"), [(0, 60), (1, 60), (999_999, 60), (1_000_000, 59), (59_999_999, 1)])
def test_who_waits_as_long_as_it_says_does_not_come_too_soon(passed_us: int, wait_s: int) -> None:
    sent_at = datetime(2026, 11, 21, tzinfo=UTC)
    now = sent_at + timedelta(microseconds=passed_us)
    with pytest.raises(TooManyTries) as refused:
        codes.require_not_too_soon(now, [sent_at] * 2)
    assert refused.value.retry_after_s == wait_s
    codes.require_not_too_soon(now + timedelta(seconds=wait_s), [sent_at] * 2)
