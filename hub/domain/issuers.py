"""Which bank an institution code or a card number belongs to, and what kind of card a number is.

Both are looked up in tables under `issuer_data/`, which name their sources; a code is never cut up, because a
card centre can have one of its own. The tables are some years old: what they do not know is not refused.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from hub.domain.errors import InvalidValue

_CODE = re.compile(r"[0-9]{8}")


class CardKind(StrEnum):
    """What a card lets its holder do."""

    CREDIT = "credit"
    # 准贷记卡: a deposit is expected, a small overdraft allowed; it can be in debt, so it can be negotiated.
    SEMI_CREDIT = "semi_credit"
    DEBIT = "debit"
    PREPAID = "prepaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A bank that issues cards. `codes`: its 8-digit institution codes, its own first, if known."""

    key: str
    name_zh: str
    name_en: str
    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not (self.key and self.name_zh and self.name_en and all(map(_CODE.fullmatch, self.codes))):
            raise InvalidValue("issuer", key=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinMatch:
    """What a card's first digits and length say; `bank_key` is in `ISSUERS` unless debit or prepaid."""

    bank_key: str
    kind: CardKind


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("hub.domain").joinpath("issuer_data", name).read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


def _read_issuers() -> dict[str, Issuer]:
    return {
        row["key"]: Issuer(
            key=row["key"], name_zh=row["name_zh"], name_en=row["name_en"], codes=tuple(row["codes"].split())
        )
        for row in _rows("institutions.csv")
    }


def _read_bins() -> dict[tuple[str, int], BinMatch]:
    return {
        (row["prefix"], int(row["length"])): BinMatch(bank_key=row["bank"], kind=CardKind(row["kind"]))
        for row in _rows("bins.csv")
    }


ISSUERS: Mapping[str, Issuer] = _read_issuers()
"""Every bank known by name, by its key."""

_BY_CODE = {code: issuer for issuer in ISSUERS.values() for code in issuer.codes}
_BINS = _read_bins()
_PREFIX_LENGTHS = sorted({len(prefix) for prefix, _ in _BINS}, reverse=True)
_NOT_CREDIT = frozenset({CardKind.DEBIT, CardKind.PREPAID})


def find_issuer(bank_code: str) -> Issuer | None:
    """The bank with this institution code, or None where the table does not know it."""
    return _BY_CODE.get(bank_code)


def bank_key(bank_code: str) -> str:
    """One word for the bank behind a code, the same for all its codes; an unknown code stands for itself.

    For comparing within one run: store the code, since a later table may know more codes.
    """
    issuer = find_issuer(bank_code)
    return issuer.key if issuer else bank_code


def same_bank(first_code: str, second_code: str) -> bool:
    """Whether two institution codes reach the same bank; an unknown code equals itself alone."""
    return bank_key(first_code) == bank_key(second_code)


def issuer_of(card_number: str) -> BinMatch | None:
    """What the longest prefix known for cards of this length says, or None; `card_number` is digits alone."""
    length = len(card_number)
    for prefix_length in _PREFIX_LENGTHS:
        match = _BINS.get((card_number[:prefix_length], length))
        if match is not None:
            return match
    return None


def check_card(card_number: str, bank_code: str) -> None:
    """The card can be a credit card of this bank, as far as the tables know; an unknown BIN is taken.

    Raises InvalidValue: `debit_card` (prepaid too), `issuer_mismatch` (the card's bank: `issuer_zh`,
    `issuer_en`). The number is one that `identifiers.card_number` gave.
    """
    match = issuer_of(card_number)
    if match is None:
        return
    if match.kind in _NOT_CREDIT:
        raise InvalidValue("debit_card")
    issuer = ISSUERS[match.bank_key]
    if issuer.key == bank_key(bank_code):
        return
    # A bank whose codes are unknown may well be the one behind an unknown code: nothing can be compared.
    # It is not behind a code known to be another's, nor is a bank with known codes behind an unknown one.
    if not issuer.codes and find_issuer(bank_code) is None:
        return
    raise InvalidValue("issuer_mismatch", issuer_zh=issuer.name_zh, issuer_en=issuer.name_en)
