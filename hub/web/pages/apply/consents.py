"""The consents, each by itself and none ticked beforehand: one a bank, sensitive data, medical papers, the truth.

They stand on the page of the contact. Medical papers, and those that speak of the family, go along with a consent of
their own; without it they stay behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from hub.domain.consent import TEXTS_IN_FORCE, ConsentText, Purpose
from hub.domain.errors import Fault
from hub.domain.evidence import MEDICAL_KINDS
from hub.domain.plain import Plain, instant
from hub.services.reading import directory
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply.draft_body import WITHOUT_FAMILY, WITHOUT_MEDICAL, bank_codes_of, family_files
from hub.web.pages.apply.steps import CONTACT
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import for_cardholders

blueprint = Blueprint("consents", __name__)

_TEXTS = {text.purpose: text for text in TEXTS_IN_FORCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One consent as the page asks for it. `name` is its field, `hotline` the number of the bank that it names."""

    name: str
    purpose: Purpose
    bank_code: str | None
    words: str
    may_refuse: bool
    hotline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Banks:
    """The banks of an application: what each is called, and where it can be called, by code."""

    names: Mapping[str, str]
    hotlines: Mapping[str, str]


def banks_of(tx: HubTransaction, data: Plain) -> Banks:
    """The banks that the draft's `data` name."""
    codes = bank_codes_of(data)
    names = directory.names_of(tx, codes, language=page_language())
    return Banks(names=names, hotlines=directory.hotlines_of(tx, codes))


def asked_of(data: Plain, banks: Banks) -> list[Asked]:
    """Every consent that this application needs or can have.

    Who receives the file is named with its contact (Personal Information Protection Law, article 23).
    """
    medical = any(each["kind"] in MEDICAL_KINDS for each in data.get("evidence", []))
    asked = [
        _asked(Purpose.SHARE_WITH_BANK, bank_code=code, bank=name, hotline=banks.hotlines[code])
        for code, name in banks.names.items()
    ]
    asked.append(_asked(Purpose.SENSITIVE_DATA))
    if medical:
        asked.append(_asked(Purpose.MEDICAL_DATA, may_refuse=True))
    if family_files(data):
        asked.append(_asked(Purpose.FAMILY_DATA, may_refuse=True))
    return [*asked, _asked(Purpose.TRUTHFUL)]


def _asked(
    purpose: Purpose, *, bank_code: str | None = None, bank: str = "", hotline: str = "", may_refuse: bool = False
) -> Asked:
    text: ConsentText = _TEXTS[purpose]
    words = text.en if page_language() == "en" else text.zh
    return Asked(
        name=field_of(purpose, bank_code),
        purpose=purpose,
        bank_code=bank_code,
        words=words.replace("{bank}", bank),
        may_refuse=may_refuse,
        hotline=hotline,
    )


def field_of(purpose: str, bank_code: str | None) -> str:
    """The field of that consent; the page's links to what is missing lead to it."""
    return f"consents.{purpose}" if bank_code is None else f"consents.share_{bank_code}"


def given_in(data: Plain) -> dict[str, list[str]]:
    """The ticks of the consents that the draft holds, by field."""
    return {field_of(each["purpose"], each.get("bank_code")): ["1"] for each in data.get("consents", [])}


def read_consents(data: Plain, asked: list[Asked]) -> Plain:
    """What the form says: each consent with the version that was shown and its moment, and whether papers stay behind.

    What was given before keeps its moment; what was not ticked is not given, or taken back.
    """
    before = {field_of(each["purpose"], each.get("bank_code")): each for each in data.get("consents", [])}
    ticked = {each.name for each in asked if request.form.get(each.name) == "1"}
    refused = {each.purpose for each in asked if each.may_refuse and each.name not in ticked}
    consents = [_given(each, before.get(each.name)) for each in asked if each.name in ticked]
    return {
        "consents": consents,
        WITHOUT_MEDICAL: True if Purpose.MEDICAL_DATA in refused else None,
        WITHOUT_FAMILY: True if Purpose.FAMILY_DATA in refused else None,
    }


def _given(asked: Asked, before: Plain | None) -> Plain:
    version = _TEXTS[asked.purpose].version
    if before is not None and before["version"] == version:
        return before
    given: Plain = {"purpose": asked.purpose, "version": version, "given_at": instant(face().hub.clock.now())}
    return given if asked.bank_code is None else {**given, "bank_code": asked.bank_code}


def at_its_tick(fault: Fault) -> Fault:
    """The fault of a missing consent at the box that it is missing from; any other as it is."""
    purpose = fault.params.get("purpose")
    if fault.pointer != "/consents" or purpose is None:
        return fault
    code = fault.params.get("bank_code")
    name = field_of(str(purpose), None if code is None else str(code))
    return Fault("/" + name.replace(".", "/"), fault.code, fault.params)


@blueprint.route("/consents")
@for_cardholders
def moved() -> Response:
    """Leads to the page on which the consents stand now."""
    return go(f"{CONTACT.address}#f-consents")
