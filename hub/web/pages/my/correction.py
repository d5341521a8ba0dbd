"""A returned negotiation put right: the amounts again, files that can be opened in the place of those that cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.affordability import Finances
from hub.domain.application import Account, Correction
from hub.domain.debt_components import in_instalments_fen
from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind
from hub.domain.guidance import card_guidance
from hub.domain.lifecycle import Status
from hub.domain.loan import LoanAccount
from hub.domain.plain import Plain, to_plain
from hub.services.applications import intake
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.files import OwnFile, files_of
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages import component_rows
from hub.web.pages.forms import FormState, filled, read_form, typed_values
from hub.web.pages.my.chosen_files import WaitingFile, chosen_files, send_with_files
from hub.web.pages.my.medical_consent import given_now, words_to_ask
from hub.web.pages.my.negotiation_page import address_of, own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.uploads import takes_files
from schemas.accounts import AccountSchema
from schemas.application import load_correction
from schemas.loans import LoanSchema

blueprint = Blueprint("correction", __name__, url_prefix="/negotiations/<id:negotiation_id>/correct")

_ACCOUNT = AccountSchema()
_LOAN = LoanSchema()
_NOT_TYPED_OF_LOANS = (
    "creditor_code",
    "contract_last4",
    "product",
    "platform_name",
    "annual_rate_percent",
    "is_share",
)
_NOT_TYPED = ("bank_code", "card_number", "currency")
_KEPT = ("as_printed", "legal_stage", "court", "case_number", "components", "account_group", "role")


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """What was wrong, the amounts as they were sent, and the files, those that cannot be used unticked."""
    read = _read(negotiation_id)
    negotiation, files = read.negotiation, read.files
    amounts = [{"take": "1", **_amounts(each)} for each in negotiation.accounts]
    of_loans = [{"take": "1", **_amounts(each)} for each in negotiation.loans]
    usable = [each.id for each in files if each.is_usable]
    return _page(read, left_here() or filled({"accounts": amounts, "loans": of_loans, "keep": usable}))


def _amounts(account: Account | LoanAccount) -> Plain:
    plain: Plain = to_plain(account)
    foreign = _NOT_TYPED if isinstance(account, Account) else _NOT_TYPED_OF_LOANS
    return {name: value for name, value in plain.items() if name not in foreign and value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Returned:
    """What is corrected: the negotiation, and the files and the month that were submitted.

    `medical_words` are those of the consent to medical papers where it is to be asked for.
    """

    negotiation: OwnNegotiation
    files: list[OwnFile]
    finances: Finances
    medical_words: str


def _read(negotiation_id: str) -> _Returned:
    person = current_cardholder()
    with reading_own(negotiation_id) as (tx, negotiation):
        files = files_of(tx, person, negotiation_id)
        return _Returned(
            negotiation=negotiation,
            files=[each for each in files if each.with_submission],
            finances=negotiations.finances_of(tx, person, negotiation_id),
            medical_words=words_to_ask(tx, negotiation_id),
        )


def _page(read: _Returned, state: FormState, waiting: Sequence[WaitingFile] = ()) -> Response:
    negotiation, files = read.negotiation, read.files
    return own_page(
        "my/correct.html",
        negotiation,
        title=translate("请更正后再提交"),
        state=state,
        files=files,
        waiting=waiting,
        medical_words=read.medical_words,
        replaced_kind=next((each.kind for each in files if not each.is_usable), EvidenceKind.OTHER),
        may_correct=negotiation.status == Status.RETURNED,
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
@takes_files
@keeps_unfinished
def send(negotiation_id: str) -> Response:
    """The corrected version is screened again; the one before is kept."""
    read = _read(negotiation_id)
    negotiation = read.negotiation
    state, accounts, places = _typed(negotiation)
    of_loans = _typed_loans(negotiation)
    state = state.with_faults(of_loans.faults)
    kept = [each for each in read.files if each.id in request.form.getlist("keep")]
    named = [{"id": each.id, "kind": each.kind} for each in kept]
    with chosen_files(negotiation) as chosen:
        named += [{"id": each.id, "kind": each.kind} for each in chosen.references]
        body = {"accounts": accounts, "loans": of_loans.loans, "finances": to_plain(read.finances), "evidence": named}
        correction, found, _ = load_correction(body, today=face().today)
        found += card_guidance((each["bank_code"], each["card_number"]) for each in accounts)
        found = [each.renumbered("loans", of_loans.places) for each in found]
        state = state.with_faults(each.renumbered("accounts", places) for each in found)

        def correct(tx: HubTransaction, correction: Correction) -> str:
            whole = replace(correction, consents=given_now())
            intake.correct(tx, negotiation_id, whole, client_id=negotiation.client_id)
            return address_of(negotiation_id, "?done=corrected")

        return send_with_files(chosen, state, correction, correct, form=partial(_page, read))


def _not_asked(before: Account, typed: Plain) -> Plain:
    """What was said of the card that the form does not ask again.

    Of another principal what is in instalments stays, and the rest revolves; what no longer fits is said no more.
    """
    said: Plain = {name: value for name, value in to_plain(before).items() if name in _KEPT}
    principal_fen = typed.get("principal_fen")
    if principal_fen == before.principal_fen or not before.components:
        return said
    del said["components"]
    if isinstance(principal_fen, int) and in_instalments_fen([before]) <= principal_fen:
        parts = [to_plain(each) for each in before.components if each.kind.is_in_instalments]
        said |= component_rows.completed({"principal_fen": principal_fen, "components": parts})
    return said


def _typed(negotiation: OwnNegotiation) -> tuple[FormState, list[Plain], list[int]]:
    """The form, the accounts that stay with their typed amounts, and each one's place on the page."""
    faults: list[Fault] = []
    accounts: list[Plain] = []
    places: list[int] = []
    for place, before in enumerate(negotiation.accounts):
        head = f"accounts.{place}."
        if request.form.get(f"{head}take") != "1":
            continue
        row = MultiDict({key.removeprefix(head): value for key, value in request.form.items() if key.startswith(head)})
        row.update({name: getattr(before, name) for name in _NOT_TYPED})
        one = read_form(row, _ACCOUNT)
        faults += [fault.under(f"/accounts/{place}") for fault in one.faults]
        typed = {"interest_fen": 0, "fees_fen": 0, "penalty_fen": 0, **one.data}
        accounts.append({**typed, **_not_asked(before, typed)})
        places.append(place)
    return FormState(values=typed_values(request.form), faults=tuple(faults)), accounts, places


@dataclass(slots=True)
class _Loans:
    """The loans that stay with their typed amounts, and each one's place on the page."""

    loans: list[Plain] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def _typed_loans(negotiation: OwnNegotiation) -> _Loans:
    found = _Loans()
    for place, before in enumerate(negotiation.loans):
        head = f"loans.{place}."
        if request.form.get(f"{head}take") != "1":
            continue
        row = MultiDict({key.removeprefix(head): value for key, value in request.form.items() if key.startswith(head)})
        # What names the loan is not asked again.
        said: Plain = {name: value for name, value in to_plain(before).items() if name in _NOT_TYPED_OF_LOANS}
        said.pop("is_share", None)
        row.update({"creditor_code": before.creditor_code, "contract_last4": before.contract_last4, "product": "-"})
        one = read_form(row, _LOAN)
        found.faults += [fault.under(f"/loans/{place}") for fault in one.faults]
        typed = {name: value for name, value in one.data.items() if name != "co_lenders"}
        found.loans.append({"interest_fen": 0, "fees_fen": 0, "penalty_fen": 0, **typed, **said})
        found.places.append(place)
    return found
