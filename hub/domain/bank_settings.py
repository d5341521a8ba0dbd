"""The `KEY=VALUE` words in which a bank's rules arrive: each has one reader here."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from hub.domain.approval import read_levels
from hub.domain.bank import BankRules
from hub.domain.card_debt import MAX_DAILY_PERCENT, RATE_DECIMALS
from hub.domain.clauses import CLAUSE_TITLES
from hub.domain.errors import InvalidValue
from hub.domain.instalment_estimate import DayCount, PartialRefund
from hub.domain.service_request import read_services
from hub.domain.sign_on import read_acr, read_claim, read_domains, read_issuer, read_second_factor
from hub.domain.telephone import read_telephone
from hub.domain.terms import MAX_INSTALMENTS

MOST_AGENCIES = 50
AGENCY_LIMIT = 100
"""How many agencies a bank names, and the characters of a name."""
_DURATION = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


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


def _percent(most: int, decimals: int) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        if not re.fullmatch(rf"[0-9]{{1,3}}(?:\.[0-9]{{1,{decimals}}})?", text):
            raise InvalidValue("fine_percent_form", decimals=decimals)
        if Decimal(text) > most:
            raise InvalidValue("too_large", most=most)
        return Decimal(text)

    return read


def _word(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise InvalidValue("unknown_choice", choices=", ".join(words))
        return text

    return read


def true_or_false(text: str) -> bool:
    """Whether `text` says `true`; raises `InvalidValue` where it does not say `false` either."""
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


def _brackets(text: str) -> str:
    if text not in ("【】", "[]"):
        raise InvalidValue("mail_brackets")
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "hotline": _words,
    "hotline_hours": _words,
    "calls_from": _words,
    "complaint_channel": _words,
    "desk_email": _mail_address,
    "daily_digest": true_or_false,
    "mail_brackets": _brackets,
    "response_days": _whole(1, 60),
    "closes_at": _time_of_day,
    "pause_on_evidence": true_or_false,
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
    "annual_fee_during_plan": true_or_false,
    "default_clause": _words,
    "payment_instructions": _words,
    "clearance_text": _words,
    **dict.fromkeys(CLAUSE_TITLES, _clause),
    "early_repayment_fee": true_or_false,
    "fee_name": _clause,
    "office_address": _words,
    "office_phone": _words,
    "collection_agencies": _names,
    "card_minimum_percent": _percent(100, 2),
    "card_floor_fen": _whole(0, 10**8),
    "card_daily_rate_percent": _percent(MAX_DAILY_PERCENT, RATE_DECIMALS),
    "card_late_fee_percent": _percent(100, 2),
    "services": read_services,
    "instalment_day_count": lambda text: DayCount(int(_word("365", "360")(text))),
    "instalment_partial_refund": lambda text: PartialRefund(_word(*PartialRefund)(text)),
    "instalment_response_days": _whole(1, 15),
    "extension_months": _whole(1, MAX_INSTALMENTS),
    "max_annual_percent": _percent(100, 2),
    "give_up_after": duration,
    "sign_on_issuer": read_issuer,
    "sign_on_client_id": _words,
    "sign_on_claim": read_claim,
    "sign_on_domains": read_domains,
    "sign_on_second_factor": read_second_factor,
    "sign_on_acr": read_acr,
}
SECRET_READERS: Mapping[str, Callable[[str], Any]] = {"sign_on_secret": _words}
"""What every bank can set and nobody is shown: kept sealed, and no rule."""
_WHEN_SET: Mapping[str, Callable[[str], Any]] = dict.fromkeys(("hotline", "office_phone"), read_telephone)
"""What is stricter where a value is set: one that was stored before is still read."""
assert set(READERS) == {field.name for field in fields(BankRules)}  # noqa: S101 - one reader a rule, always


def read_rules(settings: Mapping[str, str]) -> BankRules:
    """The rules that `settings` name, the rest by default; raises `InvalidValue` for a word that is no such value."""
    return BankRules(**{name: READERS[name](text) for name, text in settings.items() if text and name in READERS})


def check_setting(name: str, text: str, *, own_settings: Mapping[str, Callable[[str], Any]]) -> None:
    """Nothing, or `InvalidValue` naming the key: `setting_unknown`, or what is wrong with its value.

    An empty value is none: it asks for the default. `own_settings` are the readers of the keys that the bank's
    adapter takes beside the common ones.
    """
    reader = READERS.get(name) or SECRET_READERS.get(name) or own_settings.get(name)
    if reader is None:
        raise InvalidValue("setting_unknown", key=name)
    if not text:
        return
    with naming(name):
        reader(text)
        _WHEN_SET.get(name, reader)(text)


@contextlib.contextmanager
def naming(name: str) -> Iterator[None]:
    """What is wrong within is wrong with the value of the setting of that name: `InvalidValue` says so."""
    try:
        yield
    except InvalidValue as error:
        raise InvalidValue(error.code, **{"key": name, **error.params}) from None
