"""What people choose for themselves, and on which ways they are told."""

import pytest

from hub.domain.errors import InvalidValue
from hub.domain.plain import from_plain, to_plain
from hub.domain.preferences import Language, NoticeChannel, Preferences, Telling

MAIL, SMS = {NoticeChannel.MAIL}, {NoticeChannel.SMS}


@pytest.mark.parametrize(
    ("telling", "with_address", "without"),
    [(None, MAIL, SMS), (Telling.MAIL, MAIL, SMS), (Telling.SMS, SMS, SMS), (Telling.BOTH, MAIL | SMS, SMS)],
)
def test_a_person_is_told_as_they_chose_and_by_text_message_where_no_mail_can_go(
    telling: Telling | None, with_address: set[NoticeChannel], without: set[NoticeChannel]
) -> None:
    chosen = Preferences(telling=telling)
    assert chosen.channels(has_address=True) == with_address
    assert chosen.channels(has_address=False) == without


@pytest.mark.parametrize("day", [0, 32, -1])
def test_there_is_no_such_day_of_a_month(day: int) -> None:
    with pytest.raises(InvalidValue):
        Preferences(wage_day=day)


def test_a_choice_is_kept_as_it_was_made() -> None:
    chosen = Preferences(wage_day=31, telling=Telling.BOTH, has_large_print=True, language=Language.ENGLISH)
    assert from_plain(Preferences, to_plain(chosen)) == chosen
    assert from_plain(Preferences, {}) == Preferences()
