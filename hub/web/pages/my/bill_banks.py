"""`/my/calendar/banks`: letting a bank tell its bills into the person's calendar, and taking that back."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.bill import last4
from hub.domain.bill_feed import CONSENT
from hub.domain.errors import InvalidValue
from hub.services.accounts import subjects
from hub.services.bills import consents
from hub.services.reading.cardholder import bill_banks
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, typed_values
from hub.web.pages.once import do_once
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("bill_banks", __name__, url_prefix="/calendar/banks")

_HERE: Final = "/my/calendar"
_FIELDS: Final = FormFields({"card_last4": marked("卡号后四位")})


@blueprint.route("")
@for_cardholders
def listed() -> Response:
    """The banks that tell bills, each with whether the person lets it."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = bill_banks.list_own(tx, person, language=page_language())
    return page("my/bill-banks.html", title=translate("银行自动记账单"), found=found, back=_HERE)


@blueprint.route("/<bank_code>")
@for_cardholders
def ask(bank_code: str) -> Response:
    """The words of the consent, and one button."""
    return _page(bank_code, FormState(fields=_FIELDS))


def _page(bank_code: str, state: FormState) -> Response:
    person, language = current_cardholder(), page_language()
    with face().hub.reading(person.actor) as tx:
        bank = bill_banks.get_own(tx, person, bank_code, language=language)
    return page(
        "my/bill-bank.html",
        title=bank.name,
        status=200 if state.sound else 422,
        bank=bank,
        words=(CONSENT.en if language == "en" else CONSENT.zh).replace("{bank}", bank.name),
        state=state,
        back=f"{_HERE}/banks",
    )


@blueprint.route("/<bank_code>", methods=["POST"])
@for_cardholders
def give(bank_code: str) -> Response:
    """The bank may tell the person's bills, and finds them by the mobile that they signed in with."""
    person = current_cardholder()
    typed = FormState(values=typed_values(request.form), fields=_FIELDS)
    digits: str | None = None
    try:
        digits = last4(request.form.get("card_last4", ""))
    except InvalidValue as error:
        typed = replace(typed, faults=(error.at("/card_last4"),))

    def agree(tx: HubTransaction, card_last4: str) -> str:
        consents.give(tx, subjects.of_cardholder(tx, person), bank_code, card_last4=card_last4, mobile=person.mobile)
        return f"{_HERE}?done=agreed#banks"

    return send_once(person, typed, digits, agree, form=lambda state: _page(bank_code, state))


@blueprint.route("/<bank_code>/withdraw", methods=["POST"])
@for_cardholders
def withdraw(bank_code: str) -> Response:
    """The bank may tell no more, and what it told is gone."""
    person = current_cardholder()

    def take_back(tx: HubTransaction) -> str:
        consents.withdraw(tx, subjects.of_cardholder(tx, person), bank_code)
        return f"{_HERE}?done=taken-back#banks"

    return do_once(person, take_back)
