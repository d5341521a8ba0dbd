"""The last look before an application is sent, the sending, and the page that says what happens next."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.errors import Fault, NegotiationAlreadyOpen, Refused, RenegotiationsExhausted
from hub.domain.evidence import EvidenceStatus
from hub.domain.identity import IdentityQuestion
from hub.domain.plain import Plain, canonical
from hub.services.accounts import unfinished_forms
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts, intake
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.applications.identity import questions_of, verified_cards
from hub.services.evidence import evidence_files
from hub.services.reading import directory
from hub.services.reading.cardholder.draft import DraftFile, files_of, sent_application
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply import steps
from hub.web.pages.apply.contact import identity_of
from hub.web.pages.apply.draft_body import (
    WITHOUT_FAMILY,
    bank_codes_of,
    family_files,
    foreign_mobile_faults,
    judged,
    loans_of,
    owed_of,
    principal_of,
    sent_along,
    stay_behind,
)
from hub.web.pages.apply.household import finances_of
from hub.web.pages.apply.plan_answers import plan_answers
from hub.web.pages.apply.step_pages import FORMS, LATER, draft, reading_draft, to_mend, told, unfinished_in
from hub.web.pages.apply.steps import CHECKING, TO_MEND, UNFINISHED
from hub.web.pages.device_cookie import device_of_request
from hub.web.pages.display_names import word, word_or_text
from hub.web.pages.forms import FormState
from hub.web.pages.once import do_once
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("check", __name__)

# Whoever sends again what has just gone is shown what became of it.
_JUST_NOW: Final = timedelta(days=1)
_OPEN_ALREADY: Final = "negotiation_already_open"


class _Changed(Exception):
    """The draft is another one than the person has read."""


def faults_of(data: Plain, files: Sequence[DraftFile]) -> list[Fault]:
    """Everything that keeps the draft from being sent; one of its `files` that cannot be used is a fault."""
    faults = list(judged(data, current_cardholder()).faults)
    behind = stay_behind(data)
    going = [each for each in files if each.id not in behind]
    rejected = (each for each in going if each.status is EvidenceStatus.REJECTED)
    faults += [Fault("/evidence", f"evidence_{each.reason}") for each in rejected]
    if len(going) < len(sent_along(data)):
        faults.append(Fault("/evidence", "evidence_unknown"))
    return faults


def digest_of(data: Plain) -> str:
    """What tells the answers that a person has read from those that were changed since; what waits to be one aside."""
    answers = {name: each for name, each in data.items() if name not in {TO_MEND, UNFINISHED}}
    return hashlib.sha256(canonical(answers)).hexdigest()


@blueprint.route("/check")
@for_cardholders
def show() -> Response:
    """Every answer, with a way to change it; where it has just been sent, what became of it."""
    shown = _read()
    if bank_codes_of(shown.data):
        return _page(shown)
    return go(steps.TASKS if shown.sent is None else _done_page(shown.sent))


def _done_page(application_id: str) -> str:
    return f"/apply/done/{application_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the page shows of the hub. `names`: what each bank that an account names is called, by code.

    `sent` is the application that has just been sent where there is no draft, `told` what was wrong with the sending.
    """

    data: Plain
    names: Mapping[str, str]
    files: list[DraftFile]
    response_days: int
    told: tuple[Fault, ...]
    sent: str | None


def _read() -> _Shown:
    with reading_draft() as (tx, there):
        codes = bank_codes_of(there.data)
        told = to_mend(CHECKING, there.data)
        typed = [each["bank_code"] for each in there.data.get("accounts", [])]
        typed += [code for loan in loans_of(there.data) for code in loan.creditor_codes]
        named = [str(each.params["bank_code"]) for each in told if "bank_code" in each.params]
        return _Shown(
            data=there.data,
            names=directory.names_of(tx, [*typed, *named], language=page_language()),
            files=files_of(tx, there.data.get("evidence", [])),
            response_days=directory.longest_response_days(tx, codes),
            told=told,
            sent=None if there.is_begun else _just_sent(tx, current_cardholder()),
        )


def _just_sent(tx: HubTransaction, person: Cardholder) -> str | None:
    return drafts.last_sent(tx, person, since=tx.now - _JUST_NOW)


def _page(shown: _Shown) -> Response:
    data = shown.data
    found = faults_of(data, shown.files)
    open_at = [each for each in shown.told if each.code == _OPEN_ALREADY]
    # What a step can put right is named by its step, and a negotiation in the way at the top.
    left = [each for each in shown.told if each not in found and each not in open_at]
    unfinished = [each for each in steps.STEPS if steps.status_of(each, data, found) != "done"]
    behind = stay_behind(data)
    of_family = family_files(data) if data.get(WITHOUT_FAMILY) else frozenset()
    return page(
        "apply/check.html",
        title=translate(CHECKING.title),
        status=422 if shown.told else 200,
        state=FormState(faults=tuple(left), bank_names=shown.names),
        has_errors=bool(shown.told),
        data=data,
        loans=loans_of(data),
        names=shown.names,
        banks=[shown.names[code] for code in bank_codes_of(data)],
        principal_fen=principal_of(data),
        owed_fen=sum(fen for _, fen in owed_of(data)),
        month=finances_of(data),
        reasons=[word("reason", each) for each in data.get("hardship", {}).get("reasons", [])],
        needs=[word("support", each) for each in data.get("support_needs", [])],
        channels=[word_or_text("contact", each) for each in data.get("contact", {}).get("channels", [])],
        plan=plan_answers(data, shown.names),
        files=[each for each in shown.files if each.id not in behind],
        left_behind=[each for each in shown.files if each.id in behind - of_family],
        family_behind=[each for each in shown.files if each.id in behind & of_family],
        authority_paper=_authority_paper(data, shown.files),
        identity=identity_of(data),
        mobile=current_cardholder().mobile,
        unfinished=[(translate(each.task), f"{each.address}?from=check") for each in unfinished],
        open_already=next((shown.names[str(each.params["bank_code"])] for each in open_at), None),
        has_changed=request.args.get("changed") == "1",
        digest=digest_of(data),
        response_days=shown.response_days,
        step=CHECKING,
        how_many=steps.HOW_MANY,
        back=steps.before(CHECKING),
    )


def _authority_paper(data: Plain, files: Sequence[DraftFile]) -> DraftFile | None:
    paper = data.get("representative", {}).get("authority_evidence")
    return next((each for each in files if each.id == paper), None)


@blueprint.route("/check", methods=["POST"])
@for_cardholders
def submit() -> Response:
    """The application is sent, once, however often the button is pressed; as the person has read it, or not at all."""
    person, hub = current_cardholder(), face().hub
    if request.form.get("do") == LATER:
        return go(steps.TASKS)
    faults = foreign_mobile_faults(request.form.get("applicant.mobile"), person)
    if faults:
        return told(CHECKING, faults)
    verified, device = _verified(person), device_of_request()
    names: list[str] = []

    def send(tx: HubTransaction) -> str:
        data = drafts.find(tx, person, lock=True).data
        if not data:
            # It was sent from another window, or the answer was lost; or it lay too long.
            sent = _just_sent(tx, person)
            return "/my/" if sent is None else _done_page(sent)
        if digest_of(data) != request.form.get("read") or unfinished_in(tx, person, data):
            raise _Changed
        loaded = judged(data, person)
        unknown = intake.reference_faults(tx, loaded.references, client_id=FORM_CLIENT)
        application = loaded.value_or_refuse(*unknown)
        names[:] = [name for each in sorted(stay_behind(data)) for name in drafts.take_back(tx, each)]
        unfinished_forms.forget_below(tx, person, FORMS)
        return _done_page(drafts.submit(tx, person, application, verified=verified, device=device))

    try:
        answer = do_once(person, send)
    except _Changed:
        return go(f"{CHECKING.address}?changed=1")
    except (Refused, RenegotiationsExhausted, NegotiationAlreadyOpen) as error:
        return told(CHECKING, _faults_in(error))
    evidence_files.delete_bytes(hub.store, names)
    return answer


def _faults_in(error: Refused | RenegotiationsExhausted | NegotiationAlreadyOpen) -> Sequence[Fault]:
    """What the error says, as it waits in the draft to be told."""
    match error:
        case NegotiationAlreadyOpen():
            return [Fault("", _OPEN_ALREADY, {"bank_code": error.bank_code})]
        case RenegotiationsExhausted():
            return [Fault("", error.sentence, error.params)]
    return error.faults


def _verified(person: Cardholder) -> frozenset[IdentityQuestion]:
    """What the checker of identities says of the draft, asked before a transaction is open; nothing without one."""
    checker = face().hub.identity_checker
    if checker is None or person.client_id is not None:
        return frozenset()
    application = judged(draft().data, person).value
    return frozenset() if application is None else verified_cards(checker, questions_of(application))


@blueprint.route("/done/<id:application_id>")
@for_cardholders
def done(application_id: str) -> Response:
    """The numbers, when each bank answers, and what comes next. Safe to keep as a bookmark."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        application = sent_application(tx, person, application_id, language=page_language())
    return page("apply/done.html", title=translate("已经提交，您做完了这一步"), application=application)
