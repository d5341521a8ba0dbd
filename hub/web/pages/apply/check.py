"""The last look before an application is sent, the sending, and the page that says what happens next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request

from hub.domain.affordability import left_fen, suggested
from hub.domain.errors import Fault, NegotiationAlreadyOpen, Refused, RenegotiationsExhausted
from hub.domain.evidence import EvidenceStatus
from hub.domain.identity import IdentityQuestion
from hub.domain.plain import Plain
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts, intake
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.applications.identity import questions_of, verified_cards
from hub.services.reading import directory
from hub.services.reading.cardholder.draft import DraftFile, files_of, sent_application
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply import steps
from hub.web.pages.apply.contact import identity_of
from hub.web.pages.apply.draft_body import bank_codes_of, foreign_mobile_faults, judged, owed_of, principal_of
from hub.web.pages.apply.household import finances_of
from hub.web.pages.apply.step_pages import draft, reading_draft
from hub.web.pages.display_names import word, word_or_text
from hub.web.pages.forms import FormState
from hub.web.pages.once import do_once
from hub.web.pages.proposal_words import proposal_rows
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.proposals import read_proposal

blueprint = Blueprint("check", __name__)


def faults_of(data: Plain, files: Sequence[DraftFile]) -> list[Fault]:
    """Everything that keeps the draft from being sent; one of its `files` that cannot be used is a fault."""
    faults = list(judged(data, current_cardholder()).faults)
    rejected = (each for each in files if each.status is EvidenceStatus.REJECTED)
    faults += [Fault("/evidence", f"evidence_{each.reason}") for each in rejected]
    if len(files) < len(data.get("evidence", [])):
        faults.append(Fault("/evidence", "evidence_unknown"))
    return faults


@blueprint.route("/check")
@for_cardholders
def show() -> Response:
    """Every answer, with a way to change it."""
    shown = _read()
    return _page(shown) if shown.data.get("accounts") else go(steps.TASKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the page shows of the hub. `names`: what each bank that an account or `also` names is called, by code."""

    data: Plain
    names: Mapping[str, str]
    files: list[DraftFile]
    response_days: int


def _read(*also: str) -> _Shown:
    with reading_draft() as (tx, there):
        codes = bank_codes_of(there.data)
        typed = [each["bank_code"] for each in there.data.get("accounts", [])]
        return _Shown(
            data=there.data,
            names=directory.names_of(tx, [*typed, *also], language=page_language()),
            files=files_of(tx, there.data.get("evidence", [])),
            response_days=directory.longest_response_days(tx, codes),
        )


def _page(
    shown: _Shown, *, status: int = 200, open_already: str | None = None, faults: Iterable[Fault] = ()
) -> Response:
    data = shown.data
    found = faults_of(data, shown.files)
    # What a step can put right is named by its step.
    left = [each for each in faults if each not in found]
    unfinished = [each for each in steps.STEPS if steps.status_of(each, data, found) != "done"]
    return page(
        "apply/check.html",
        title=translate("请核对后提交"),
        status=status,
        state=FormState(faults=tuple(left)),
        data=data,
        names=shown.names,
        banks=[shown.names[code] for code in bank_codes_of(data)],
        principal_fen=principal_of(data),
        owed_fen=sum(fen for _, fen in owed_of(data)),
        month=finances_of(data),
        reasons=[word("reason", each) for each in data.get("hardship", {}).get("reasons", [])],
        needs=[word("support", each) for each in data.get("support_needs", [])],
        channels=[word_or_text("contact", each) for each in data.get("contact", {}).get("channels", [])],
        proposal_rows=_proposal_rows(data),
        more_than_suggested=_more_than_suggested(data),
        files=shown.files,
        authority_paper=_authority_paper(data, shown.files),
        identity=identity_of(data),
        mobile=current_cardholder().mobile,
        unfinished=[(translate(each.task), f"{each.address}?from=check") for each in unfinished],
        open_already=open_already,
        response_days=shown.response_days,
        how_many=steps.HOW_MANY,
        back=steps.CONSENTS.address,
    )


def _authority_paper(data: Plain, files: Sequence[DraftFile]) -> DraftFile | None:
    paper = data.get("representative", {}).get("authority_evidence")
    return next((each for each in files if each.id == paper), None)


def _proposal_rows(data: Plain) -> list[tuple[str, str]]:
    """What is proposed; nothing while it cannot be read, which is said above it."""
    proposal = read_proposal(data.get("proposal", {}))
    return [] if proposal is None else proposal_rows(proposal)


def _more_than_suggested(data: Plain) -> int | None:
    """What the household was advised to pay a month at most, where the proposal asks for more of it."""
    month, monthly = finances_of(data), data.get("proposal", {}).get("monthly_payment_fen")
    if month is None or not isinstance(monthly, int):
        return None
    most = suggested(left_fen(month))[1]
    return most if monthly > most else None


@blueprint.route("/check", methods=["POST"])
@for_cardholders
def submit() -> Response:
    """The application is sent, once, however often the button is pressed."""
    person = current_cardholder()
    faults = foreign_mobile_faults(request.form.get("applicant.mobile"), person)
    if faults:
        return _page(_read(), status=422, faults=faults)
    verified = _verified(person)

    def send(tx: HubTransaction) -> str:
        data = drafts.find(tx, person).data
        if not data:
            # It was sent from another window, or lay too long.
            return "/my/"
        loaded = judged(data, person)
        unknown = intake.reference_faults(tx, loaded.references, client_id=FORM_CLIENT)
        return f"/apply/done/{drafts.submit(tx, person, loaded.value_or_refuse(*unknown), verified=verified)}"

    try:
        return do_once(person, send)
    except Refused as error:
        return _page(_read(), status=422, faults=error.faults)
    except RenegotiationsExhausted as error:
        return _page(_read(), status=409, faults=[Fault("", error.sentence, error.params)])
    except NegotiationAlreadyOpen as error:
        shown = _read(error.bank_code)
        return _page(shown, status=409, open_already=shown.names[error.bank_code])


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
