"""Valid input that needs no arguments: people, cards of known issuers, files, applications and terms as JSON."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pikepdf
from PIL import Image
from stdnum import luhn

from hub.domain.china import CHINA

ICBC = "01020000"
CMB = "03080000"
CITIC = "03020000"
CITIC_CARDS = "63020000"

BANK_NAMES = {
    ICBC: ("中国工商银行", "Industrial and Commercial Bank of China"),
    CMB: ("招商银行", "China Merchants Bank"),
    CITIC: ("中信银行", "China CITIC Bank"),
}
_PREFIXES = {ICBC: "622210", CMB: "356889", CITIC: "356390", CITIC_CARDS: "356390"}
_DAY_GIVEN = "2026-11-21T10:00:00+08:00"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Json = dict[str, Any]


def card(bank_code: str = ICBC, number: int = 0) -> str:
    """A credit card's number of that bank, right by Luhn; another one for each `number`."""
    body = f"{_PREFIXES[bank_code]}{number:09d}"
    return body + str(luhn.calc_check_digit(body))


def id_number(number: int) -> str:
    """The resident identity number of a grown-up; another one for each `number`."""
    born = date(1990, 1, 1) - timedelta(days=number // 1000)
    body = f"110105{born:%Y%m%d}{number % 1000:03d}"
    remainder = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[remainder]


# Tests name smaller numbers, and a person may have one negotiation with a bank.
_people: Iterator[int] = count(1000)


def person(number: int | None = None, **changes: Any) -> Json:
    """An applicant; one nobody has met where no `number` is named."""
    which = next(_people) if number is None else number
    return {
        "subject": f"host-app-user-{which}",
        "name": "王小明",
        "id_type": "resident_id",
        "id_number": id_number(which),
        "mobile": f"138{which % 10**8:08d}",
        "email": "xm@example.com",
        **changes,
    }


def account(bank_code: str = ICBC, **changes: Any) -> Json:
    """A card of that bank with what is owed on it."""
    return {
        "bank_code": bank_code,
        "card_number": card(bank_code),
        "currency": "CNY",
        "principal_fen": 1850000,
        "interest_fen": 46200,
        "fees_fen": 0,
        "penalty_fen": 12000,
        "overdue_since": "2026-08-12",
        **changes,
    }


def loan(creditor_code: str = ICBC, **changes: Any) -> Json:
    """A loan of that lender with what is owed on it."""
    return {
        "creditor_code": creditor_code,
        "contract_last4": "80A6",
        "product": "消费贷款",
        "platform_name": "某购物 App",
        "principal_fen": 820000,
        "interest_fen": 13100,
        "fees_fen": 0,
        "penalty_fen": 2400,
        "overdue_since": "2026-09-10",
        "annual_rate_percent": "14.60",
        **changes,
    }


def lenders(*shares: tuple[str, str]) -> list[Json]:
    """Those who lend together, as (code, percent) each."""
    return [{"creditor_code": code, "share_percent": share} for code, share in shares]


def consent(purpose: str, bank_code: str | None = None) -> Json:
    """A consent in the version in force."""
    given = {"purpose": purpose, "version": "2026-11", "given_at": _DAY_GIVEN}
    return given if bank_code is None else {**given, "bank_code": bank_code}


FINANCES: Mapping[str, Any] = {
    "monthly_income_fen": 620000,
    "monthly_essential_spending_fen": 410000,
    "other_debt_payments_fen": 90000,
    "dependants": 2,
}


def application(*bank_codes: str, evidence: list[Json] | None = None, **changes: Any) -> Json:
    """A valid application to those banks (ICBC where none is named), without files unless some are given."""
    codes = bank_codes or (ICBC,)
    body = {
        "channel": "app",
        "applicant": person(),
        "accounts": [account(code) for code in codes if code in _PREFIXES],
        "hardship": {"reasons": ["illness"], "since": "2026-06-01", "description": "住院三个月"},
        "finances": dict(FINANCES),
        "proposal": {
            "kind": "instalments",
            "instalments": 36,
            "monthly_payment_fen": 53000,
            "first_due_on": "2026-12-20",
            "down_payment_fen": 0,
            "waive_interest": True,
            "note": "",
        },
        "evidence": evidence or [],
        "consents": [
            *(consent("share_with_bank", code) for code in codes),
            consent("sensitive_data"),
            consent("medical_data"),
            consent("truthful"),
        ],
    }
    return {**body, **changes}


def of_today(body: Json, now: datetime | None = None) -> Json:
    """The application as somebody sends it `now`, or at the machine's time, for hubs that go by that."""
    sent_at = now or datetime.now(CHINA)
    given_at = (sent_at - timedelta(hours=1)).isoformat(timespec="seconds")
    return {
        **body,
        "consents": [{**consent, "given_at": given_at} for consent in body["consents"]],
        "proposal": {**body["proposal"], "first_due_on": in_four_weeks(sent_at)},
    }


def in_four_weeks(now: datetime | None = None) -> str:
    """A day that a plan of that time, or of today, may begin on."""
    return ((now or datetime.now(CHINA)).astimezone(CHINA).date() + timedelta(weeks=4)).isoformat()


def terms(**changes: Any) -> Json:
    """Terms of an offer small enough that one person may make it."""
    return {
        "kind": "instalments",
        "principal_fen": 1850000,
        "waived": {"interest_fen": 46200, "penalty_fen": 12000, "fees_fen": 0, "principal_fen": 0},
        "first_due_on": "2026-12-20",
        "note": "",
        "instalments": 36,
        "annual_rate_percent": "3.60",
        "method": "equal_instalment",
        "down_payment_fen": 0,
        "fee_fen": 0,
        **changes,
    }


def pdf(text: str = "", *, size: int = 0) -> bytes:
    """A real one-page PDF; padded behind its end where a `size` in bytes is named."""
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Subject"] = text
    out = io.BytesIO()
    made.save(out, static_id=True)
    content = out.getvalue()
    return content + b"%" * (size - len(content) - 6) + b"\n%%EOF" if size else content


def png() -> bytes:
    """A real picture of one dot."""
    out = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()
