"""From a draft to the body that the API would get: the same schema judges both."""

from collections.abc import Iterable
from typing import Final

from hub.domain.amounts import Amounts, amounts_in, sum_of
from hub.domain.application import Application, Channel, HardshipReason
from hub.domain.consent import Purpose
from hub.domain.debt_components import ComponentKind
from hub.domain.errors import Fault, InvalidValue
from hub.domain.evidence import FAMILY_KINDS, MEDICAL_KINDS, EvidenceKind
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.issuers import bank_key, same_bank
from hub.domain.loan import LoanAccount, shares_of
from hub.domain.plain import Plain
from hub.services.accounts.cardholders import Cardholder
from hub.web.access import face
from schemas.application import load_application
from schemas.base import ReadNaming
from schemas.loans import loans_in

_PARTS = (
    "accounts",
    "loans",
    "consents",
    "support_needs",
    "contact",
    "representative",
    "proposal",
    "proposals",
)
WITHOUT_MEDICAL: Final = "without_medical"
"""Stands in the draft where the person was asked whether medical papers may go along, and did not say so."""
WITHOUT_FAMILY: Final = "without_family"
"""The same of papers that speak of somebody in the family."""
_KNOWN_OF_LAUNCHED = ("name", "id_type", "id_number")


def body_of(data: Plain, cardholder: Cardholder) -> Plain:
    """The application that the draft's `data` would be, faults and gaps and all."""
    body: Plain = {name: data[name] for name in _PARTS if name in data}
    typed = data.get("applicant", {})
    applicant = {"subject": cardholder.subject or cardholder.owner_key, "mobile": cardholder.mobile, **typed}
    if cardholder.name is not None:
        # What the host app vouches for is not the person's to change here.
        applicant |= {name: getattr(cardholder, name) for name in _KNOWN_OF_LAUNCHED}
    return {
        "channel": Channel.WEB,
        "accounts": [],
        "consents": [],
        **body,
        "evidence": [{"id": each["id"], "kind": each["kind"]} for each in sent_along(data)],
        "applicant": applicant,
        "hardship": data.get("hardship", {}),
        "finances": data.get("finances", {}),
    }


def sent_along(data: Plain) -> list[Plain]:
    """The draft's files but for those that `stay_behind`."""
    behind = stay_behind(data)
    return [each for each in data.get("evidence", []) if each["id"] not in behind]


def stay_behind(data: Plain) -> frozenset[str]:
    """The ids of the files that nobody gets, because the person was asked and did not consent."""
    medical = _ids_of(data, MEDICAL_KINDS) if data.get(WITHOUT_MEDICAL) else frozenset()
    return medical | (family_files(data) if data.get(WITHOUT_FAMILY) else frozenset())


def family_files(data: Plain) -> frozenset[str]:
    """The ids of the files that speak of somebody in the family: medical ones too, of whoever cares for a relative."""
    cares = HardshipReason.FAMILY_CARE in data.get("hardship", {}).get("reasons", [])
    return _ids_of(data, FAMILY_KINDS | (MEDICAL_KINDS if cares else frozenset()))


def _ids_of(data: Plain, kinds: frozenset[EvidenceKind]) -> frozenset[str]:
    return frozenset(each["id"] for each in data.get("evidence", []) if each["kind"] in kinds)


def _family_faults(data: Plain) -> list[Fault]:
    """`consent_missing` where papers of the family would go and nobody was asked; the API leaves that to host apps."""
    given = {each["purpose"] for each in data.get("consents", [])}
    if Purpose.FAMILY_DATA in given or not family_files(data) - stay_behind(data):
        return []
    return [Fault("/consents", "consent_missing", {"purpose": Purpose.FAMILY_DATA})]


def judged(data: Plain, cardholder: Cardholder) -> ReadNaming[Application]:
    """The application with every fault that the API would find in it, and those of these pages alone.

    That is another's mobile, and papers of a family that nobody was asked about.
    """
    body = body_of(data, cardholder)
    loaded = load_application(body, now=face().hub.clock.now())
    return ReadNaming(
        loaded.value,
        [*loaded.faults, *_family_faults(data), *foreign_mobile_faults(body["applicant"]["mobile"], cardholder)],
        loaded.references,
    )


def foreign_mobile_faults(typed: str | None, cardholder: Cardholder) -> list[Fault]:
    """`mobile_not_yours` where a mobile was typed that is not the person's, whatever else is wrong with it."""
    if typed is None:
        return []
    try:
        return cardholder.mobile_faults(as_mobile(typed))
    except InvalidValue:
        return cardholder.mobile_faults(typed)


def below(faults: Iterable[Fault], pointers: Iterable[str]) -> list[Fault]:
    """Those of `faults` that stand at one of `pointers` or below it."""
    places = tuple(pointers)
    return [each for each in faults if any(_is_below(each.pointer, place) for place in places)]


def _is_below(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def cards_of(accounts: Iterable[Plain]) -> list[tuple[str, str]]:
    """(bank code, card number) of each account as it was typed, "" for what is missing."""
    return [(each.get("bank_code", ""), each.get("card_number", "")) for each in accounts]


def bank_codes_of(data: Plain) -> list[str]:
    """The creditors that the draft's cards and loans name, each once, as they are named first."""
    codes: list[str] = []
    for named, _ in _debts_of(data):
        if not any(same_bank(named, code) for code in codes):
            codes.append(named)
    return codes


def loans_of(data: Plain) -> tuple[LoanAccount, ...]:
    """The draft's loans, each whole."""
    return loans_in(data.get("loans", []))


def _debts_of(data: Plain) -> list[tuple[str, Amounts]]:
    """(creditor's code, amounts) of each card, then of each creditor's share of each loan."""
    shares = (share for loan in loans_of(data) for share in shares_of(loan))
    return [
        *((each["bank_code"], amounts_in(each)) for each in data.get("accounts", [])),
        *((share.creditor_code, share) for share in shares),
    ]


def owed_of(data: Plain) -> list[tuple[str, int]]:
    """(creditor's code, fen) of each card and share of a loan: all that is owed on it."""
    return [(code, amounts.total_fen) for code, amounts in _debts_of(data)]


def owed_by_bank(data: Plain) -> dict[str, Amounts]:
    """What is owed to each creditor, by the code that is named first."""
    first: dict[str, str] = {}
    owed: dict[str, list[Amounts]] = {}
    for named, amounts in _debts_of(data):
        owed.setdefault(first.setdefault(bank_key(named), named), []).append(amounts)
    return {code: sum_of(listed) for code, listed in owed.items()}


def principal_of(data: Plain) -> int:
    """The principal of all cards and loans together, in fen."""
    return sum(amounts.principal_fen for _, amounts in _debts_of(data))


def instalments_of(data: Plain) -> int:
    """How much of that principal the person said is in instalments already, in fen."""
    parts = (part for each in data.get("accounts", []) for part in each.get("components", []))
    return sum(part["principal_fen"] for part in parts if ComponentKind(part["kind"]).is_in_instalments)
