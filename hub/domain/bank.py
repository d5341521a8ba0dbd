"""A bank as the hub knows it, and the rules it set for its own negotiations.

Rules arrive as `KEY=VALUE` words; each has one reader here, and a default that holds until the bank sets its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import time, timedelta
from typing import Any

from hub.domain.agreement import Texts
from hub.domain.agreement_clauses import (
    DEFAULT_CLAUSE_ZH,
    PAYMENT_INSTRUCTIONS_ZH,
    RIGHTS_AND_DUTIES_ZH,
    SIGNATURE_ZH,
)
from hub.domain.approval import NO_LEVELS, ApprovalLevels, read_levels
from hub.domain.clauses import (
    CARD_CONTRACT_ZH,
    CARD_STATE_ZH,
    CERTIFICATE_ZH,
    CLAUSE_TITLES,
    CREDIT_REPORTING_ZH,
    DISPUTES_ZH,
    EARLY_REPAYMENT_ZH,
    EFFECT_ZH,
    FEE_NAME_ZH,
    NON_WORKING_DAY_ZH,
    NOTICES_ZH,
    TRANSFER_ZH,
    Clauses,
    early_repayment_zh,
    version_of,
)
from hub.domain.clearance import CLEARANCE_TEXT_ZH
from hub.domain.collection import Collectors
from hub.domain.errors import InvalidValue

# What a bank sets of the wording of its agreements: all of it has one version.
TEXT_KEYS = frozenset({*CLAUSE_TITLES, "default_clause", "payment_instructions", "early_repayment_fee", "fee_name"})
MOST_AGENCIES = 50
AGENCY_LIMIT = 100
"""How many agencies a bank names, and the characters of a name."""
_DURATION = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRules:
    """What a bank has set for its negotiations, with the defaults of the contract."""

    hotline: str = ""
    # When somebody answers there, and which numbers the bank itself calls people from, in words.
    hotline_hours: str = ""
    calls_from: str = ""
    complaint_channel: str = ""
    desk_email: str = ""
    # Whether the desk is told each morning what is due soon; what is due today or late is told all the same.
    daily_digest: bool = True
    response_days: int = 7
    closes_at: time = time(18, 0)
    pause_on_evidence: bool = False
    offer_days: int = 7
    max_counter_offers: int = 3
    four_eyes_above_fen: int = 5_000_000
    # Which roles approve an offer above which sums, where more than one second person shall look.
    approval_levels: ApprovalLevels = NO_LEVELS
    # How many agreements over a card may have come to nothing before it takes no further application over it here.
    max_renegotiations: int | None = None
    void_after_missed: int = 2
    # How many days after its own a payment can be called missed, and how little of it may lack.
    grace_days: int = 3
    tolerance_fen: int = 1_000
    # How many whole days lie between the notice of a default and its effect.
    default_notice_days: int = 3
    # How many working days after the signing a down payment is due.
    down_payment_days: int = 3
    annual_fee_during_plan: bool = False
    default_clause: str = DEFAULT_CLAUSE_ZH
    payment_instructions: str = PAYMENT_INSTRUCTIONS_ZH
    # What a certificate of settlement that the hub prints says beside its facts.
    clearance_text: str = CLEARANCE_TEXT_ZH
    credit_reporting_clause: str = CREDIT_REPORTING_ZH
    notices_clause: str = NOTICES_ZH
    non_working_day_clause: str = NON_WORKING_DAY_ZH
    early_repayment_clause: str = EARLY_REPAYMENT_ZH
    card_state_clause: str = CARD_STATE_ZH
    certificate_clause: str = CERTIFICATE_ZH
    transfer_clause: str = TRANSFER_ZH
    card_contract_clause: str = CARD_CONTRACT_ZH
    disputes_clause: str = DISPUTES_ZH
    effect_clause: str = EFFECT_ZH
    early_repayment_fee: bool = False
    fee_name: str = FEE_NAME_ZH
    office_address: str = ""
    office_phone: str = ""
    # Who collects for the bank beside itself, by name.
    collection_agencies: tuple[str, ...] = ()
    give_up_after: timedelta = timedelta(days=3)

    @property
    def texts(self) -> Texts:
        """What an offer made now is made under."""
        return Texts(
            default_clause=self.default_clause,
            payment_instructions=self.payment_instructions,
            void_after_missed=self.void_after_missed,
            annual_fee_during_plan=self.annual_fee_during_plan,
        )

    @property
    def clauses(self) -> Clauses:
        """The clauses that an offer made now is made under, with the version of all the bank's texts."""
        words = {name: getattr(self, name) for name in CLAUSE_TITLES}
        early = early_repayment_zh(self.early_repayment_clause, fee=self.early_repayment_fee)
        return Clauses(
            version=version_of(self.wording, BankRules().wording),
            rights_and_duties=RIGHTS_AND_DUTIES_ZH,
            signature=SIGNATURE_ZH,
            **{**words, "early_repayment_clause": early},
            early_repayment_fee=self.early_repayment_fee,
            fee_name=self.fee_name,
            office_address=self.office_address,
            office_phone=self.office_phone or self.hotline,
        )

    @property
    def wording(self) -> Mapping[str, str | bool]:
        """All that the bank sets of the wording of its agreements."""
        return {name: getattr(self, name) for name in TEXT_KEYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """One bank. `settings` are the words that were set, the adapter's own among them.

    Those called `secret` are shown to nobody. While it is not open, nobody can apply to it; what runs with it goes on.
    """

    code: str
    name_zh: str
    name_en: str
    adapter: str
    settings: Mapping[str, str]
    rules: BankRules
    secret: frozenset[str] = frozenset()
    is_open: bool = True

    @property
    def collectors(self) -> Collectors:
        """Who collects for the bank."""
        return Collectors(names=(self.name_zh, self.name_en), agencies=self.rules.collection_agencies)

    def name(self, language: str) -> str:
        """What the bank is called in that language."""
        return self.name_en if language == "en" else self.name_zh


def duration(text: str) -> timedelta:
    """The length of time that `3d`, `12h` or `30m` names; anything else is `duration`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise InvalidValue("duration", value=text)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,15}", text) or not least <= int(text) <= most:
            raise InvalidValue("whole_number_between", least=least, most=most)
        return int(text)

    return read


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise InvalidValue("true_or_false")
    return text.lower() == "true"


def _time_of_day(text: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise InvalidValue("time_of_day")
    return time.fromisoformat(text)


def _words(text: str) -> str:
    if any(ord(char) < 32 and char not in "\n\t" for char in text):
        raise InvalidValue("text_characters")
    return text.strip()


def _clause(text: str) -> str:
    if not _words(text):
        raise InvalidValue("text_required")
    return _words(text)


def _names(text: str) -> tuple[str, ...]:
    """The names in a list with commas or line ends between them, each once."""
    found = dict.fromkeys(name.strip() for name in re.split(r"[,，、;；\n]", _words(text)))
    names = tuple(name for name in found if name)
    if len(names) > MOST_AGENCIES or any(len(name) > AGENCY_LIMIT for name in names):
        raise InvalidValue("agencies", most=MOST_AGENCIES, limit=AGENCY_LIMIT)
    return names


def _mail_address(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise InvalidValue("email")
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "hotline": _words,
    "hotline_hours": _words,
    "calls_from": _words,
    "complaint_channel": _words,
    "desk_email": _mail_address,
    "daily_digest": _yes_or_no,
    "response_days": _whole(1, 60),
    "closes_at": _time_of_day,
    "pause_on_evidence": _yes_or_no,
    "offer_days": _whole(3, 30),
    "max_counter_offers": _whole(0, 50),
    "four_eyes_above_fen": _whole(0, 10**12),
    "approval_levels": read_levels,
    "max_renegotiations": _whole(0, 20),
    "void_after_missed": _whole(1, 12),
    "grace_days": _whole(0, 60),
    "tolerance_fen": _whole(0, 100_000),
    "default_notice_days": _whole(0, 60),
    "down_payment_days": _whole(0, 60),
    "annual_fee_during_plan": _yes_or_no,
    "default_clause": _words,
    "payment_instructions": _words,
    "clearance_text": _words,
    **dict.fromkeys(CLAUSE_TITLES, _clause),
    "early_repayment_fee": _yes_or_no,
    "fee_name": _clause,
    "office_address": _words,
    "office_phone": _words,
    "collection_agencies": _names,
    "give_up_after": duration,
}
assert set(READERS) == {field.name for field in fields(BankRules)}  # noqa: S101 - one reader a rule, always


def read_rules(settings: Mapping[str, str]) -> BankRules:
    """The rules that `settings` name, the rest by default; raises `InvalidValue` for a word that is no such value."""
    return BankRules(**{name: READERS[name](text) for name, text in settings.items() if text and name in READERS})


def check_setting(name: str, text: str, *, own_settings: Mapping[str, Callable[[str], Any]]) -> None:
    """Nothing, or `InvalidValue` naming the key: `setting_unknown`, or what is wrong with its value.

    An empty value is none: it asks for the default. `own_settings` are the readers of the keys that the bank's
    adapter takes beside the common ones.
    """
    reader = READERS.get(name) or own_settings.get(name)
    if reader is None:
        raise InvalidValue("setting_unknown", key=name)
    if not text:
        return
    try:
        reader(text)
    except InvalidValue as error:
        raise InvalidValue(error.code, **{"key": name, **error.params}) from None
