"""The consents, each by itself and none ticked beforehand: one a bank, sensitive data, medical papers, the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from hub.domain.consent import TEXTS_IN_FORCE, ConsentText, Purpose
from hub.domain.errors import Fault
from hub.domain.evidence import MEDICAL_KINDS
from hub.domain.plain import Plain, instant
from hub.services.reading import directory
from hub.web.access import face
from hub.web.pages.apply.draft_body import bank_codes_of, judged
from hub.web.pages.apply.evidence import take_out
from hub.web.pages.apply.step_pages import keep, reading_draft, step_page, typed_before
from hub.web.pages.apply.steps import CARDS, CONSENTS
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("consents", __name__)

WITHOUT_MEDICAL = "without_medical"

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
class _Banks:
    """The banks of an application: what each is called, and where it can be called, by code."""

    names: Mapping[str, str]
    hotlines: Mapping[str, str]


def _asked_of(data: Plain, banks: _Banks) -> list[Asked]:
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


@blueprint.route("/consents")
@for_cardholders
def show() -> Response:
    """Every consent in full, ticked where it was given."""
    data, banks = _there()
    if not data.get("accounts"):
        return go(CARDS.address)
    given = {field_of(each["purpose"], each.get("bank_code")): ["1"] for each in data.get("consents", [])}
    return _page(typed_before(CONSENTS, data) or FormState(values=given), _asked_of(data, banks), banks)


def _there() -> tuple[Plain, _Banks]:
    """The draft's data, and its banks."""
    with reading_draft() as (tx, found):
        codes = bank_codes_of(found.data)
        names = directory.names_of(tx, codes, language=page_language())
        return found.data, _Banks(names=names, hotlines=directory.hotlines_of(tx, codes))


def _page(state: FormState, asked: list[Asked], banks: _Banks) -> Response:
    return step_page(CONSENTS, replace(state, bank_names=banks.names), asked=asked)


@blueprint.route("/consents", methods=["POST"])
@for_cardholders
def save() -> Response:
    """What was ticked is kept, with the version that was shown and the moment; what was not is taken back.

    Who wants to go on without medical papers does: they are taken out of the draft.
    """
    if request.form.get("do") == WITHOUT_MEDICAL:
        take_out(lambda each: each["kind"] in MEDICAL_KINDS)
    data, banks = _there()
    if not data.get("accounts"):
        return go(CARDS.address)
    asked = _asked_of(data, banks)
    before = {field_of(each["purpose"], each.get("bank_code")): each for each in data.get("consents", [])}
    ticked = [each for each in asked if request.form.get(each.name) == "1"]
    consents = [_given(each, before.get(each.name)) for each in ticked]
    found = judged({**data, "consents": consents}, current_cardholder())
    state = FormState(values={each.name: ["1"] for each in ticked})
    state = state.with_faults(_at_its_tick(each) for each in CONSENTS.faults(found.faults))
    return keep(CONSENTS, {"consents": consents}) if state.sound else _page(state, asked, banks)


def _given(asked: Asked, before: Plain | None) -> Plain:
    version = _TEXTS[asked.purpose].version
    if before is not None and before["version"] == version:
        return before
    given: Plain = {"purpose": asked.purpose, "version": version, "given_at": instant(face().hub.clock.now())}
    return given if asked.bank_code is None else {**given, "bank_code": asked.bank_code}


def _at_its_tick(fault: Fault) -> Fault:
    purpose = fault.params.get("purpose")
    if fault.pointer != "/consents" or purpose is None:
        return fault
    code = fault.params.get("bank_code")
    name = field_of(str(purpose), None if code is None else str(code))
    return Fault("/" + name.replace(".", "/"), fault.code, fault.params)
