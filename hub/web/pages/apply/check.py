"""The last look before an application is sent, the sending, and the page that says what happens next."""

from typing import Any

from flask import Blueprint, Response

from hub.domain.affordability import left_fen, suggested
from hub.domain.china import china_day, china_instant
from hub.domain.errors import Fault, NegotiationAlreadyOpen, Refused
from hub.domain.identity import IdentityQuestion
from hub.domain.plain import Plain
from hub.services.accounts.sign_in import Cardholder
from hub.services.applications import drafts, intake
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.applications.identity import questions_of, verified_cards
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.access import face, refuse
from hub.web.pages.apply import steps
from hub.web.pages.apply.banking import bank_names, longest_response_days, name_of
from hub.web.pages.apply.contact import identity_of
from hub.web.pages.apply.draft_body import bank_codes_of, judged, owed_of, principal_of
from hub.web.pages.apply.evidence import files_of
from hub.web.pages.apply.household import finances_of
from hub.web.pages.apply.step_pages import draft
from hub.web.pages.display_names import word
from hub.web.pages.forms import FormState
from hub.web.pages.once import do_once
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("check", __name__)


def faults_of(data: Plain) -> list[Fault]:
    """Everything that keeps the draft from being sent; a file that cannot be used is one of them."""
    faults = list(judged(data, current_cardholder()).faults)
    files = files_of(data)
    faults += [Fault("/evidence", f"evidence_{each['reason']}") for each in files if each["status"] == "rejected"]
    if len(files) < len(data.get("evidence", [])):
        faults.append(Fault("/evidence", "evidence_unknown"))
    return faults


@blueprint.route("/check")
@for_cardholders
def show() -> Response:
    """Every answer, with a way to change it."""
    data = draft().data
    return _page(data, FormState()) if data.get("accounts") else go(steps.TASKS)


def _page(data: Plain, state: FormState, *, status: int = 200, open_already: str | None = None) -> Response:
    codes = bank_codes_of(data)
    names = bank_names(codes)
    found = faults_of(data)
    unfinished = [each for each in steps.STEPS if steps.status_of(each, data, found) != "done"]
    return page(
        "apply/check.html",
        title=translate("请核对后提交"),
        status=status,
        state=state,
        data=data,
        names=bank_names([each["bank_code"] for each in data.get("accounts", [])]),
        banks=list(names.values()),
        principal_fen=principal_of(data),
        owed_fen=sum(fen for _, fen in owed_of(data)),
        month=finances_of(data),
        channels=[word("contact", each) for each in data.get("contact", {}).get("channels", [])],
        more_than_suggested=_more_than_suggested(data),
        files=files_of(data),
        identity=identity_of(data),
        mobile=current_cardholder().mobile,
        unfinished=[(translate(each.task), f"{each.address}?from=check") for each in unfinished],
        open_already=open_already,
        response_days=longest_response_days(codes),
        how_many=steps.HOW_MANY,
        back=steps.CONSENTS.address,
    )


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
    verified = _verified(person)

    def send(tx: HubTransaction) -> str:
        data = drafts.find(tx, person).data
        if not data:
            # It was sent from another window, or lay too long.
            return "/my/"
        loaded = judged(data, person)
        refuse([*loaded.faults, *intake.reference_faults(tx, loaded.references, client_id=FORM_CLIENT)])
        assert loaded.application is not None  # noqa: S101 - no faults, so it was read
        return f"/apply/done/{drafts.submit(tx, person, loaded.application, verified=verified)}"

    try:
        return do_once(person, send)
    except Refused:
        return _page(draft().data, FormState(), status=422)
    except NegotiationAlreadyOpen as error:
        return _page(draft().data, FormState(), status=409, open_already=bank_names([error.bank_code])[error.bank_code])


def _verified(person: Cardholder) -> frozenset[IdentityQuestion]:
    """What the checker of identities says of the draft, asked before a transaction is open; nothing without one."""
    checker = face().hub.identity_checker
    if checker is None or person.client_id is not None:
        return frozenset()
    application = judged(draft().data, person).application
    return frozenset() if application is None else verified_cards(checker, questions_of(application))


@blueprint.route("/done/<id:application_id>")
@for_cardholders
def done(application_id: str) -> Response:
    """The numbers, when each bank answers, and what comes next. Safe to keep as a bookmark."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        application = drafts.application_of(tx, person, application_id)
        view = views.application_view(tx, application, language=page_language())
        negotiations = [_expected(tx, each) for each in view["negotiations"]]
    return page(
        "apply/done.html",
        title=translate("已经提交，您做完了这一步"),
        application=view,
        negotiations=negotiations,
    )


def _expected(tx: HubTransaction, negotiation: Plain) -> dict[str, Any]:
    """The negotiation with the bank's name and, until its clock runs, when to expect it if it were delivered today."""
    rules = tx.bank(negotiation["bank"]["code"]).rules
    last_day = tx.calendar().nth_working_day_after(china_day(tx.now), rules.response_days)
    expected_at = china_instant(last_day, rules.closes_at)
    name = name_of(negotiation["bank"])
    return {**negotiation, "bank_name": name, "expected_at": expected_at, "days": rules.response_days}
