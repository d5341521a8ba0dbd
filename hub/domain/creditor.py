"""Who lends: kinds of creditors, what licenses them, and who watches over them.

A creditor is the lender whom the contract names, never the app in which it was found. Its code says nothing: what a
creditor is stands in its row. Banks have the 8-digit codes of their institution, all others any code of this form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from hub.domain.errors import InvalidValue
from hub.domain.people import free_text, plain_name
from hub.domain.platform_names import PLATFORM_NAMES

CODE_FORM: Final = re.compile(r"[0-9A-Z]{8}")
_BANK_FORM = re.compile(r"[0-9]{8}")
LICENCE_LIMIT: Final = 60
# A name with one of these words is that of a company, whatever app it took its name from.
_LEGAL_FORMS = ("公司", "银行", "合作社")


class CreditorKind(StrEnum):
    """What a creditor is; banks have credit cards and loans, all others loans alone."""

    BANK = "bank"
    CONSUMER_FINANCE = "consumer_finance"
    SMALL_LOAN = "small_loan"
    # Whoever took over a claim from its lender.
    ASSIGNEE = "assignee"


class Regulator(StrEnum):
    """Who supervises a creditor and hears what people say against it."""

    # 国家金融监督管理总局 and its offices; the line is 12378.
    NFRA = "nfra"
    # 地方金融管理局 of the province.
    LOCAL = "local"


_Word = TypeVar("_Word", bound=StrEnum)
_USUAL: Mapping[CreditorKind, Regulator] = {
    CreditorKind.BANK: Regulator.NFRA,
    CreditorKind.CONSUMER_FINANCE: Regulator.NFRA,
    CreditorKind.SMALL_LOAN: Regulator.LOCAL,
    CreditorKind.ASSIGNEE: Regulator.LOCAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a creditor is and what licenses it. One that is no bank has the number of its licence."""

    kind: CreditorKind = CreditorKind.BANK
    licence_no: str | None = None
    regulator: Regulator = Regulator.NFRA

    def __post_init__(self) -> None:
        if self.kind is not CreditorKind.BANK and not self.licence_no:
            raise InvalidValue("licence_required")

    @property
    def is_bank(self) -> bool:
        """Whether it can have issued a credit card."""
        return self.kind is CreditorKind.BANK

    @property
    def is_supervised_locally(self) -> bool:
        """Whether 地方金融管理局 watches over it."""
        return self.regulator is Regulator.LOCAL


BANK_STANDING: Final = Standing()
"""A bank's, as long as nothing else was said."""


def read_standing(*, kind: str = "", licence_no: str = "", regulator: str = "") -> Standing:
    """What these words say; empty ones ask for a bank, no licence, and the kind's usual regulator."""
    read = _choice(CreditorKind, kind, "kind") if kind else CreditorKind.BANK
    return Standing(
        kind=read,
        licence_no=_licence(licence_no),
        regulator=_choice(Regulator, regulator, "regulator") if regulator else _USUAL[read],
    )


def read_code(text: str) -> str:
    """`text`, which can be a creditor's code; raises `platform_is_no_creditor` or `creditor_code_form`."""
    code = text.strip()
    require_no_platform(code, within=True)
    if not CODE_FORM.fullmatch(code):
        raise InvalidValue("creditor_code_form")
    return code


def require_code(code: str, kind: CreditorKind) -> None:
    """The code can be one of that kind of creditor: a bank's is that of its institution."""
    read_code(code)
    if kind is CreditorKind.BANK and not _BANK_FORM.fullmatch(code):
        raise InvalidValue("bank_code")


def require_no_platform(text: str, *, within: bool = False) -> None:
    """`text` names no platform or product of one, nor `within` it; a company's full name is its own.

    Raises `platform_is_no_creditor`, which says where the lender's name stands.
    """
    plain = plain_name(text)
    if any(form in text for form in _LEGAL_FORMS) and not within:
        return
    for name in PLATFORM_NAMES:
        known = plain_name(name)
        if plain == known or (within and not known.isascii() and known in plain):
            raise InvalidValue("platform_is_no_creditor", name=text.strip()[:20])


def is_licence_number(text: str) -> bool:
    """Whether the text can be the number of a licence: 无, 办理中 or 000 is none."""
    return "\n" not in text and re.search(r"[1-9]", text) is not None and len(text) >= 4


def _licence(text: str) -> str | None:
    number = free_text(text, limit=LICENCE_LIMIT).strip()
    if not number:
        return None
    if not is_licence_number(number):
        raise InvalidValue("licence_form")
    return number


def _choice(choices: type[_Word], text: str, key: str) -> _Word:
    try:
        return choices(text)
    except ValueError:
        raise InvalidValue("setting_choice", key=key, choices=", ".join(choices)) from None
