"""What a person agreed to, each with its words and one button to take it back, after a page that says what follows."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from flask import Blueprint, Response

from hub.domain.consent import Purpose
from hub.domain.consent_ledger import FOR_ALL_OF_IT
from hub.domain.errors import NotFound
from hub.services.consents import withdrawal
from hub.services.consents.ledger import ConsentShown
from hub.services.reading.cardholder import consents
from hub.services.reading.cardholder.consents import OwnConsents
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.catalogue import marked
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState
from hub.web.pages.my.negotiation_page import address_of, bank_name, own_page, reading_own
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("consents", __name__, url_prefix="/negotiations/<id:negotiation_id>/consents")

_HAD_BEFORE: Final = marked("%(bank)s之前已经收到的，由它依法保管；要删除，请向它提出。")
_BEFORE: Final = (
    marked("申请还没有送到%(bank)s。撤回以后，这次协商就结束，什么都不会送去。"),
    marked("和其他银行的协商不受影响，以后可以重新申请。"),
)
_AFTER: Final = (
    marked("从撤回起，我们不再向%(bank)s提供您的任何资料：材料打不开了，收入和支出不再显示，姓名和号码只显示一部分。"),
    _HAD_BEFORE,
    marked("这次协商不会因此结束，%(bank)s仍可以答复。不想再谈了，可以另外撤回申请。"),
)
_IN_FORCE: Final = (
    marked("从撤回起，我们不再向%(bank)s提供您的任何资料：材料打不开了，收入和支出不再显示，姓名和号码只显示一部分。"),
    _HAD_BEFORE,
    marked("已经签了的协议照旧有效：它是您和%(bank)s的合同，不靠这项同意。还款计划、还款记录和签过的文件会保留。"),
)
_ENDED: Final = (
    marked("从撤回起，我们不再向%(bank)s提供您的任何资料。"),
    _HAD_BEFORE,
)
_FILES: Final[Mapping[Purpose, tuple[str, ...]]] = {
    Purpose.MEDICAL_DATA: (
        marked("从撤回起，医疗材料不再提供给%(bank)s，它打不开了。"),
        marked("其他材料和这次协商不受影响。"),
        _HAD_BEFORE,
    ),
    Purpose.FAMILY_DATA: (
        marked("从撤回起，有家人信息的材料不再提供给%(bank)s，它打不开了。"),
        marked("其他材料和这次协商不受影响。"),
        _HAD_BEFORE,
    ),
}


def what_follows(purpose: Purpose, negotiation: OwnNegotiation, *, has_reached_bank: bool) -> list[str]:
    """What taking the consent back means in this negotiation as it stands, a sentence each."""
    if purpose not in FOR_ALL_OF_IT:
        sentences = _FILES.get(purpose, ())
    elif negotiation.has_agreement_in_force:
        sentences = _IN_FORCE
    elif not negotiation.is_open:
        sentences = _ENDED
    else:
        sentences = _AFTER if has_reached_bank else _BEFORE
    told = [each for each in sentences if has_reached_bank or each != _HAD_BEFORE]
    return [translate(each, bank=bank_name(negotiation)) for each in told]


def words_of(consent: ConsentShown, negotiation: OwnNegotiation) -> str:
    """The text that was agreed to, in the page's language, the bank named in it."""
    text = consent.en if page_language() == "en" else consent.zh
    return text.replace("{bank}", bank_name(negotiation))


@blueprint.route("/<purpose>")
@for_cardholders
def ask(negotiation_id: str, purpose: str) -> Response:
    """What follows, in plain words, and one button."""
    return _page(*_found(negotiation_id, purpose), FormState())


def _found(negotiation_id: str, purpose: str) -> tuple[OwnNegotiation, OwnConsents, ConsentShown]:
    with reading_own(negotiation_id) as (tx, negotiation):
        own = consents.of_own(tx, current_cardholder(), negotiation_id)
    consent = own.of(purpose)
    if consent is None:
        raise NotFound
    return negotiation, own, consent


def _page(negotiation: OwnNegotiation, own: OwnConsents, consent: ConsentShown, state: FormState) -> Response:
    follows = what_follows(consent.purpose, negotiation, has_reached_bank=own.has_reached_bank)
    return own_page(
        "my/consent.html",
        negotiation,
        title=translate("撤回同意"),
        state=state,
        consent=consent,
        words=words_of(consent, negotiation),
        follows=follows if consent.can_be_withdrawn else [],
        back=address_of(negotiation.id, "/rights"),
    )


@blueprint.route("/<purpose>", methods=["POST"])
@for_cardholders
def withdraw(negotiation_id: str, purpose: str) -> Response:
    """The consent is taken back."""
    negotiation, own, consent = _found(negotiation_id, purpose)

    def take_back(tx: HubTransaction, asked: Purpose) -> str:
        withdrawal.withdraw(tx, negotiation_id, asked, client_id=negotiation.client_id)
        return address_of(negotiation_id, "/rights?done=1#consents")

    form = partial(_page, negotiation, own, consent)
    return send_once(current_cardholder(), FormState(), consent.purpose, take_back, form=form)
