"""What a bank tells of its customer's bills, with the person's consent: the consent's words, the rows, what becomes of
each.

A bank names a person by a random token that it was given with the consent. It says nothing of anybody, is good at this
bank alone, and dies with the consent: whoever sends a wrong one learns nothing.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.bill import BillContents, BillSource
from hub.domain.consent import Wording
from hub.domain.errors import Fault, Refused

CONSENT: Final = Wording(
    version="2026-11",
    zh="我同意{bank}把我在本行信用卡的账单（账单日、还款日、账单金额、最低还款额、已还金额、是否逾期）提供给本平台，只放进我自己的"
    "还款日历，用来按时提醒我。为此，本平台把我的手机号和卡号后四位告诉{bank}，供其找到我的账单。{bank}会看到我开启了到期提醒，"
    "以及本行账单的提醒是否发出，看不到其他银行的任何内容。我可以随时撤回，撤回后这些账单立即删除。",
    en="I agree that {bank} gives this platform the bills of my credit cards there (days, statement, minimum, what is "
    "paid, whether overdue), for my own payment calendar alone, to remind me in time. For this the platform tells "
    "{bank} my mobile number and the last four digits of my card, so that it finds my bills. {bank} sees that I turned "
    "reminders on, and whether reminders of its own bills went out; nothing of any other bank. I can take this back at "
    "any time, and these bills are deleted then.",
)

MOST_ROWS: Final = 500
"""How many bills one call tells."""
MOST_CARDS: Final = 20
"""Of how many cards a person lets one bank tell bills."""
KEPT_UNUSED: Final = timedelta(days=400)
"""How long a consent lasts after the bank told something last: then it ends by itself."""
KEPT_WITHDRAWN: Final = timedelta(days=92)
"""How long it is kept that a consent was given and taken back."""
CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)


class FeedResult(StrEnum):
    """What became of one bill that a bank told."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNCHANGED = "unchanged"  # the same was told before
    OLDER = "older"  # what is kept is of a later moment
    SUPERSEDED = "superseded"  # a later statement of the card is there
    NOT_YOURS = "bill_not_yours"  # no consent goes by that token: wrong, another bank's, or taken back
    OTHER_CARD = "card_not_consented"  # of another card than the person named when they consented
    TOO_MANY = "bills_too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContact:
    """By what a bank finds its customer in its own books, and the token that stands for them from then on.

    `more_cards` are those that the person named later: a bank tells bills of no card that was not named.
    """

    token: str = field(repr=False)
    card_last4: str
    mobile: str = field(repr=False)
    more_cards: tuple[str, ...] = ()

    @property
    def cards(self) -> tuple[str, ...]:
        """The last four digits of every card that the person named, in that order."""
        return (self.card_last4, *self.more_cards)

    def with_card(self, card_last4: str) -> "FeedContact":
        """The same with that card among them; raises `Refused` `too_many`."""
        if card_last4 in self.cards:
            return self
        if len(self.cards) >= MOST_CARDS:
            raise Refused(Fault("/card_last4", "too_many", {"most": MOST_CARDS}))
        return replace(self, more_cards=(*self.more_cards, card_last4))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One bill as its bank told it. `as_of`: when the bank worked the figures out.

    Whose bill it is stands in no row: `of_bank` puts in the code of whoever sent it.
    """

    token: str = field(repr=False)
    contents: BillContents
    as_of: datetime

    def of_bank(self, bank_code: str) -> "FeedRow":
        """The same as that bank's."""
        return replace(self, contents=replace(self.contents, bank_code=bank_code))

    def faults(self, *, today: date, now: datetime) -> list[Fault]:
        """What speaks against its days: too far away, or told of a moment that is still to come."""
        found: list[Fault] = []
        try:
            self.contents.require_near(today)
        except Refused as error:
            found += error.faults
        if self.as_of > now + CLOCKS_DIFFER_BY:
            found.append(Fault("/as_of", "time_in_future"))
        return found


def is_changed_statement(before: BillContents, after: BillContents) -> bool:
    """Whether the same statement asks for another sum, or on another day; what was paid of it is no change of it."""
    return (before.due_on, before.statement_fen, before.minimum_fen) != (
        after.due_on,
        after.statement_fen,
        after.minimum_fen,
    )


def takes_place_of(told: BillContents, other: BillContents, source: BillSource) -> bool:
    """Whether what a bank told stands for `other` from then on: an earlier statement, or the person's note of this one.

    So no bill counts twice in a month.
    """
    if told.replaces(other):
        return True
    is_a_note = source is BillSource.TYPED and other.statement_on in (None, told.statement_on)
    return told.is_of_card(other) and is_a_note and other.due_on <= told.due_on


def bill_name(consent_id: str, contents: BillContents) -> str:
    """What the bill is called: the same for the same statement of the same card under the same consent."""
    spelt = f"{consent_id}/{contents.card_last4}/{contents.statement_on}"
    return f"bank-{hashlib.sha256(spelt.encode()).hexdigest()[:32]}"
