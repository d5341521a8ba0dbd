"""`/my/referrals`: licensed lenders by name, what one costs, letting it know one's name, and taking that back.

Only where nothing is overdue and no agreement is in force. No bank is shown any of it.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from hub.documents.referral_sheet import ReferralSheet, html_of
from hub.domain.errors import AlreadyOverdue, Conflict, DocumentNotReady, Unusable
from hub.domain.referral import HandedOver, ReferralConsent, ReferralStatus
from hub.domain.referral_consent import TEXT
from hub.services.accounts import subjects
from hub.services.reading import referrals as reading
from hub.services.reading.referrals import OwnReferral
from hub.services.referrals import referrals
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import save
from hub.web.limits import PAPERS_A_PERSON
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.once import do_once
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.problems import problem_of
from hub.web.sentences import detail
from schemas.referrals import CONSENT_FIELDS, load_consent_fields

blueprint = Blueprint("referrals", __name__, url_prefix="/referrals")

_HERE: Final = "/my/referrals"
_FIELDS: Final = FormFields({"name": marked("姓名"), "email": marked("电子邮箱"), "agree": marked("同意")})


@blueprint.route("")
@for_cardholders
def listed() -> Response:
    """The partners by name and the person's own referrals; or why nobody is referred now, and where to go instead."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = reading.of_own(tx, person, face().today, language=page_language())
    return page(
        "my/referrals.html",
        title=translate("持牌机构"),
        found=found,
        barrier=_words_of(found.barrier),
        is_overdue=isinstance(found.barrier, AlreadyOverdue),
        back="/my/load",
    )


def _words_of(barrier: Conflict | None) -> str:
    problem = None if barrier is None else problem_of(barrier)
    return "" if problem is None else detail(problem.detail_code, problem.params, page_language())


@blueprint.route("", methods=["POST"])
@for_cardholders
def show() -> Response:
    """The person is shown one partner: its page is open to them from then on, and the partner hears nothing."""
    person, code = current_cardholder(), request.form.get("partner", "")

    def effect(tx: HubTransaction) -> str:
        record, _ = referrals.show(tx, subjects.of_cardholder(tx, person), code)
        return f"{_HERE}/{record.id}"

    return do_once(person, effect)


@blueprint.route("/<id:referral_id>")
@for_cardholders
def one(referral_id: str) -> Response:
    """The information sheet; what would be handed over and to whom; how it stands."""
    return _page(referral_id, FormState(values={"name": [current_cardholder().name or ""]}))


def _page(referral_id: str, state: FormState) -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found, barrier = reading.get_own(tx, person, referral_id, face().today, language=page_language())
    return page(
        "my/referral.html",
        title=reading.name_of(found.partner, page_language()),
        status=200 if state.sound else 422,
        state=replace(state, fields=_FIELDS),
        referral=found,
        mobile=person.mobile,
        text=TEXT,
        barrier=_words_of(barrier) if found.status is ReferralStatus.SHOWN else "",
        is_overdue=isinstance(barrier, AlreadyOverdue),
        first_day=face().today,
        back=_HERE,
    )


@blueprint.route("/<id:referral_id>", methods=["POST"])
@for_cardholders
def act(referral_id: str) -> Response:
    """The partner is let know name and mobile, or the consent to that is taken back."""
    return _revoke(referral_id) if request.form.get("do") == "revoke" else _consent(referral_id)


def _consent(referral_id: str) -> Response:
    person = current_cardholder()
    state = replace(read_form(request.form, CONSENT_FIELDS), fields=_FIELDS)
    read, faults = load_consent_fields(state.data, agrees=request.form.get("agree") == "1")

    def effect(tx: HubTransaction, named: tuple[str, str | None]) -> str:
        subject = subjects.of_cardholder(tx, person)
        record = referrals.find_own(tx, subject, referral_id, lock=True)
        referrals.consent(tx, subject, record, _given(named, person.mobile, at=tx.now))
        return f"{_HERE}/{referral_id}"

    return send_once(person, state.with_faults(faults), read, effect, form=partial(_page, referral_id))


def _given(named: tuple[str, str | None], mobile: str, *, at: datetime) -> ReferralConsent:
    name, email = named
    # The version that the page bore: another one in force meanwhile is refused, and the page shown anew.
    version = request.form.get("version", "")
    return ReferralConsent(version=version, given_at=at, handed_over=HandedOver(name=name, mobile=mobile), email=email)


def _revoke(referral_id: str) -> Response:
    person = current_cardholder()

    def effect(tx: HubTransaction) -> str:
        referrals.revoke(tx, subjects.of_cardholder(tx, person), referral_id)
        return f"{_HERE}/{referral_id}"

    return do_once(person, effect)


@blueprint.route("/<id:referral_id>/sheet.pdf")
@for_cardholders
def sheet(referral_id: str) -> Response:
    """The information sheet on paper; printed for this moment and kept nowhere."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found, _ = reading.get_own(tx, person, referral_id, face().today, language="zh")
        paper = _sheet_of(found, tx.now)
    face().limits.count((PAPERS_A_PERSON, (person.owner_key,)))
    try:
        pdf = face().hub.print_pdf(html_of(paper))
    except Unusable as error:
        raise DocumentNotReady from error
    return save(pdf, "转介说明书.pdf", "application/pdf")


def _sheet_of(found: OwnReferral, now: datetime) -> ReferralSheet:
    return ReferralSheet(partner=found.partner, costs=found.costs, first_day=face().today, made_at=now)
