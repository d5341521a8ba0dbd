"""Retention: the classes of what the hub keeps, why each is kept and for how long, and what erasing a person takes.

A period is the shortest that purpose and law allow (《个人信息保护法》 19, 47). The operator can make those of a
negotiation longer, never shorter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from hub.domain.errors import Unusable


class DataClass(StrEnum):
    """A class of data that has one purpose and one end."""

    UNSENT = "unsent"
    SIGN_IN = "sign_in"
    FILES = "files"
    APPLICATION = "application"
    AGREEMENT_FILES = "agreement_files"
    AGREEMENT = "agreement"
    CHOICES = "choices"
    BILLS = "bills"
    REQUESTS = "requests"
    APPOINTMENTS = "appointments"
    INSTALMENTS = "instalments"
    REFERRALS = "referrals"
    MANDATES = "mandates"
    ANSWERED_CALLS = "answered_calls"
    EXPORTS = "exports"
    TELLING = "telling"
    TRACES = "traces"
    LOG = "log"
    ACCESSES = "accesses"
    AUDIT = "audit"
    STAFF = "staff"
    HUB = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Why a class is kept and for how long. `days` is None where no number of days ends it.

    `begins` is what begins the time, `ends` what becomes of the data then, `seen_by` who can read it meanwhile.
    """

    what: str
    basis: str
    days: int | None
    begins: str
    ends: str
    seen_by: str


DAYS_A_YEAR: Final = 365
TEN_YEARS: Final = 10 * DAYS_A_YEAR + 3
"""Ten calendar years hold at most three leap days."""
THREE_YEARS: Final = 3 * DAYS_A_YEAR + 1

_OF_A_REQUEST: Final = Rule(
    what="what a person asked of a bank beside a negotiation: its contents, the words of its log, its messages",
    basis="Civil Code 188: three years from the end, in which a claim can be brought",
    days=THREE_YEARS,
    begins="the last change",
    ends="words, salts and contents are gone; statuses, times and digests stay",
    seen_by="the person, their host app, the bank it was asked of, each reading on record",
)

TRACES_KEPT_DAYS: Final = 30

RULES: Final[Mapping[DataClass, Rule]] = {
    DataClass.UNSENT: Rule(
        what="drafts, unfinished forms, and files that were sent with nothing",
        basis="PIPL 13 (1) 2: asked for by the person; 19: the shortest that is of use to them",
        days=30,
        begins="the last change",
        ends="rows and bytes are gone",
        seen_by="the person; of a desk's form the clerk",
    ),
    DataClass.SIGN_IN: Rule(
        what="sessions, codes, launches, counted tries",
        basis="PIPL 51: access control",
        days=1,
        begins="their own end, of minutes or hours",
        ends="rows are gone",
        seen_by="nobody; a person sees their own sessions",
    ),
    DataClass.FILES: Rule(
        what="files of a negotiation that came to no agreement, their copies, and what clerks found in them",
        basis="PIPL 19, 47 (1) 1: no longer needed once the bank has answered; 90 days for a question about the answer",
        days=90,
        begins="the end of the negotiation",
        ends="keys and bytes are gone, the log says so; digests stay",
        seen_by="the person, their host app, the bank, each reading on record",
    ),
    DataClass.APPLICATION: Rule(
        what="all else of a negotiation that came to no agreement: application, words, offers, papers, messages",
        basis="PIPL 19, 47 (1) 1; 183 days, as long as the logs that speak of it",
        days=183,
        begins="the end of the negotiation",
        ends="words, salts, keys, bytes and search hashes are gone, the log says so; statuses, times and digests stay",
        seen_by="the person, their host app, the bank, each reading on record",
    ),
    DataClass.AGREEMENT_FILES: Rule(
        what="files given to a negotiation that came to an agreement, and what clerks found in them",
        basis="Civil Code 188, 189: three years from the end, in which a claim can be brought",
        days=THREE_YEARS,
        begins="the end of the agreement",
        ends="as `files`; the recording of an oral agreement stays with the agreement",
        seen_by="the person, their host app, the bank, each reading on record",
    ),
    DataClass.AGREEMENT: Rule(
        what="agreement, amendments, papers, payments, certificates, and the words of its log",
        basis="AML Law (2024) 34: ten years, kept for the bank; Credit Card Measures 70: until settled at least",
        days=TEN_YEARS,
        begins="the end of the agreement",
        ends="as `application`",
        seen_by="the person, their host app, the bank, each reading on record",
    ),
    DataClass.CHOICES: Rule(
        what="what a person chose: language, size of text, by what they are told",
        basis="PIPL 13 (1) 2: asked for by the person",
        days=400,
        begins="the last use",
        ends="rows are gone",
        seen_by="the person",
    ),
    DataClass.BILLS: Rule(
        what="bills of a person's cards: days and sums, as they typed them or a bank told them",
        basis="PIPL 13 (1) 1, 2: asked for by the person, a bank's with their consent; 19: a quarter, then no use",
        days=92,
        begins="the bill's day, or its last change where that is later",
        ends="rows are gone",
        seen_by="the person and their host app; a bank its own consents, and whether reminders went out",
    ),
    DataClass.REQUESTS: _OF_A_REQUEST,
    DataClass.APPOINTMENTS: replace(
        _OF_A_REQUEST,
        what="visits of a bank, at home or by video: the request as in `requests`, place, time and report",
    ),
    DataClass.INSTALMENTS: replace(
        _OF_A_REQUEST, what="instalment deals to cancel or settle early: the request as in `requests`"
    ),
    DataClass.REFERRALS: Rule(
        what="which licensed lenders a person was shown, the name and mobile they let one have, and what it answered",
        basis="PIPL 13 (1) 1, 23: asked for by the person, handed over with their consent; 19: a quarter, then no use",
        days=92,
        begins="its end; what was handed over goes at once when it is revoked or lapses",
        ends="rows are gone; the consent's version, digest and times stay, which name nobody",
        seen_by="the person and their host app; the lender name and mobile alone; no bank",
    ),
    DataClass.MANDATES: Rule(
        what="authorisations to deduct as their person keeps them, and deductions that they reported",
        basis="PIPL 13 (1) 1, 2: asked for by the person; Civil Code 188: three years for a claim of it",
        days=THREE_YEARS,
        begins="the end of its term, the report, or the last change; ten years from that where no end was agreed",
        ends="rows are gone",
        seen_by="the person and their host app; of a revocation or report its receivers what it says",
    ),
    DataClass.TRACES: Rule(
        what="keyed hashes of the browser, the helper and the block of numbers that an application came from",
        basis="PIPL 51: against applications made by agencies for many people; 19: compared for a month alone",
        days=TRACES_KEPT_DAYS,
        begins="the application",
        ends="rows are gone; what was hinted to a bank stays as long as the files",
        seen_by="nobody",
    ),
    DataClass.ANSWERED_CALLS: Rule(
        what="first answers to calls that may come twice",
        basis="PIPL 51: nothing is done twice",
        days=30,
        begins="the answer",
        ends="rows are gone",
        seen_by="the program that called",
    ),
    DataClass.EXPORTS: Rule(
        what="tables that people of a bank take out",
        basis="PIPL 19: the purpose is over once the file was fetched",
        days=7,
        begins="when it was made",
        ends="key and bytes are gone, who asked for it stays in the audit",
        seen_by="who asked for it; names in full after a second person's yes",
    ),
    DataClass.TELLING: Rule(
        what="mails, text messages, messages to banks, notices to host apps: that and when, no words and no address",
        basis="Electronic Signature Law 6, 11: when something was sent and received can be shown",
        days=None,
        begins="",
        ends="waiting ones of an erased case are dropped; the rest names nobody",
        seen_by="the operator",
    ),
    DataClass.LOG: Rule(
        what="the chain of the log without its words: times, kinds, statuses, digests",
        basis="Cybersecurity Law: network logs at least six months; PIPL 56: record of handling at least three years",
        days=None,
        begins="",
        ends="never erased: once the words are gone it names nobody",
        seen_by="who may read the negotiation",
    ),
    DataClass.ACCESSES: Rule(
        what="who read what and when, by account",
        basis="PIPL 51, 56: record of handling at least three years; Cybersecurity Law: at least six months",
        days=None,
        begins="",
        ends="never erased: of the person it holds the number of the negotiation alone",
        seen_by="the person and their host app by role, the bank's auditor, the operator",
    ),
    DataClass.AUDIT: Rule(
        what="what was done to the hub itself: sign-ins, settings, accounts, erasures",
        basis="PIPL 51, 54; Cybersecurity Law: at least six months",
        days=None,
        begins="",
        ends="never erased",
        seen_by="the operator; of a bank its auditor",
    ),
    DataClass.STAFF: Rule(
        what="accounts of people who work here, their second factors, views and templates",
        basis="PIPL 13 (1) 2: carrying out the work; 56: who handled what is known for three years",
        days=None,
        begins="",
        ends="when somebody leaves the account is shut; its name stays with what was done",
        seen_by="the person, the bank's administrator, the operator",
    ),
    DataClass.HUB: Rule(
        what="banks, clients, keys, calendars, counts: nothing of a person",
        basis="",
        days=None,
        begins="",
        ends="",
        seen_by="the operator",
    ),
}

OF_A_NEGOTIATION: Final = (
    DataClass.FILES,
    DataClass.APPLICATION,
    DataClass.AGREEMENT_FILES,
    DataClass.AGREEMENT,
)
"""The classes that the daily run erases negotiation by negotiation, and whose days an operator can make longer."""


@dataclass(frozen=True, slots=True)
class Periods:
    """For how many days each class of a negotiation is kept here."""

    days: Mapping[DataClass, int]

    @classmethod
    def parse(cls, text: str) -> "Periods":
        """`files=120,application=365` beside the shortest periods; the empty text is those alone.

        Raises `Unusable` for a class that has no days of its own, and for fewer days than it has to be kept.
        """
        days = {each: _shortest(each) for each in OF_A_NEGOTIATION}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, _, number = (piece.strip() for piece in part.partition("="))
            if name not in days:
                raise Unusable(f"HUB_RETENTION: {name!r} is none of {', '.join(days)}.")
            named = DataClass(name)
            if not (number.isascii() and number.isdigit()) or int(number) < _shortest(named):
                raise Unusable(f"HUB_RETENTION: {name} is kept for at least {_shortest(named)} days.")
            days[named] = int(number)
        return cls(days)

    def of(self, data_class: DataClass) -> timedelta:
        """How long a class of `OF_A_NEGOTIATION` is kept after what begins its time."""
        return timedelta(days=self.days[data_class])


def _shortest(data_class: DataClass) -> int:
    return RULES[data_class].days or 0


class Extent(StrEnum):
    """How much of a negotiation is erased: its files and what was found in them, or all of it."""

    FILES = "files"
    WHOLE = "whole"


class Cause(StrEnum):
    """Why something is erased."""

    ASKED = "asked"  # by the person, or by their host app for them
    LETTER = "letter"  # by the person, through the operator
    DUE = "due"  # its time is over


class KeptFor(StrEnum):
    """Why something stays although the person asked for its erasure."""

    AGREEMENT_IN_FORCE = "agreement_in_force"
    RETENTION = "retention"
    LEGAL_HOLD = "legal_hold"
