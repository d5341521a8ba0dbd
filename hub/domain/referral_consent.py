"""What a person agrees to before a lender hears of them: one text for each version, `{partner}` for the lender's name.

It names every word that is handed over, and says that it is free and can be taken back. A new wording is a new version.
"""

from datetime import date, datetime
from typing import Final

from hub.domain.consent import ConsentWords
from hub.domain.errors import Fault

TEXT: Final = ConsentWords(
    version="2026-11",
    first_day=date(2026, 11, 1),
    zh="我同意把我的姓名和手机号提供给{partner}，只用于它就这一次转介联系我。账单、负担、银行、证件和材料都不提供。"
    "转介不收费，也不代表它会批准。我可以随时撤回；撤回以后不再提供，并会告诉{partner}停止使用。",
    en="I agree that my name and mobile number are given to {partner}, only so that it can contact me about this "
    "referral. No bill, load, bank, identity document or paper is given. The referral is free and is no approval. I "
    "can take this back at any time; nothing is given from then on, and {partner} is told to stop.",
)
"""The text in force."""

_EVERY_TEXT: Final = {TEXT.version: TEXT}


def words_of(version: str) -> ConsentWords | None:
    """The words that were shown under that version; None for one that never was in force."""
    return _EVERY_TEXT.get(version)


def consent_faults(version: str, given_at: datetime, *, now: datetime, is_there: bool = False) -> list[Fault]:
    """What speaks against a consent in that version at that time; places are those of the consent itself.

    Where it is there already, a repeated call may name the version that was in force when it was given.
    """
    words = words_of(version)
    if words is None or (not is_there and words != TEXT):
        return [Fault("/version", "consent_version", {"version": TEXT.version})]
    return words.time_faults(given_at, now=now)
