"""What a mail may say, as values: nothing of a person among them."""

from dataclasses import dataclass
from datetime import datetime

from hub.mail.case_lines import CaseLine, TimeLeft
from hub.mail.kinds import MailKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """How a bank, or one team of it, answered in a week. `name` is that of the team, empty for the whole bank."""

    name: str
    due: int
    in_time: int
    late: int

    @property
    def percent(self) -> str:
        """How many of those that were due were answered in time, of a hundred, with one decimal; empty for none."""
        return f"{self.in_time * 100 / self.due:.1f}" if self.due else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a mail may say. `references` are (bank, reference) where one mail speaks of several negotiations.

    `meant_for` is when it should have gone out, where that was another day; `overtaken` says that more has happened
    since; `days_late`: the working days after the deadline's, today among them; `provisional`: it lies in a year whose
    holidays are not published; `goes_on`: the negotiation does not end with the offer. A mail to staff about several
    lists `cases`, by team where it is `by_team`, and says that there are `more`; of all, `due_today` are due today and
    `late` are late; `events` say what happened, and in how many of them. `owner` and `lead` are names of people at the
    bank; `reader` is that of the one who is written to, and `settings_link` where they choose what they are told.
    `reviews` wait for their approval, `unassigned` are nobody's; `changes` of settings were made. `week` are figures
    from `first_day` to `last_day`. `enclosed`: a locked PDF goes with it; `left_out` files were meant to be in
    there and are not. `end_reason`: why the agreement that it tells of ended. `is_test`: it is about nobody.
    `visitors`: who of the bank comes, by the first sign of the name and the number on the badge.
    `is_lender`: who is called a bank in the words is a lender that is none; `is_supervised_locally`: 地方金融管理局
    hears complaints about it.
    """

    kind: MailKind
    reference: str
    bank_zh: str
    bank_en: str
    link: str
    for_staff: bool
    deadline: datetime | None = None
    references: tuple[tuple[str, str], ...] = ()
    meant_for: datetime | None = None
    overtaken: bool = False
    days_late: int = 0
    provisional: bool = False
    goes_on: bool = False
    cases: tuple[CaseLine, ...] = ()
    more: int = 0
    due_today: int = 0
    late: int = 0
    by_team: bool = False
    left: TimeLeft | None = None
    is_tomorrow: bool = False
    events: tuple[tuple[str, int], ...] = ()
    owner: str = ""
    lead: str = ""
    reader: str = ""
    settings_link: str = ""
    reviews: int = 0
    unassigned: int = 0
    week: tuple[WeekFigures, ...] = ()
    changes: int = 0
    first_day: datetime | None = None
    last_day: datetime | None = None
    square_brackets: bool = False
    hotline: str = ""
    complaint_channel: str = ""
    enclosed: bool = False
    left_out: int = 0
    end_reason: str = ""
    is_test: bool = False
    visitors: tuple[str, ...] = ()
    is_lender: bool = False
    is_supervised_locally: bool = False

    @property
    def regulator_zh(self) -> str:
        """Where to turn against the bank or lender, as a line of facts."""
        return "监管机构：当地地方金融管理局" if self.is_supervised_locally else "金融消费投诉热线：12378"

    @property
    def to_regulator_zh(self) -> str:
        """The same, as the end of a sentence."""
        return "向当地地方金融管理局反映" if self.is_supervised_locally else "拨打金融消费投诉热线"

    @property
    def regulator_en(self) -> str:
        """The same in English, as a sentence."""
        if self.is_supervised_locally:
            return "The local financial administration (地方金融管理局) hears complaints."
        return "Financial consumer complaints: 12378."
