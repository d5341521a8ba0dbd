"""Which cards and loans, and what is owed on each. Known cards are ticked, others typed; loans go by contract."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.errors import Fault
from hub.domain.guidance import card_guidance
from hub.domain.masks import card_last4
from hub.domain.plain import Plain
from hub.services.applications import intake
from hub.services.applications.drafts import FORM_CLIENT, KNOWN_CARDS, Draft
from hub.services.reading.cardholder.draft import CardChoices, KnownCard, card_choices, renegotiation_faults
from hub.services.transaction import HubTransaction
from hub.web.pages import component_rows
from hub.web.pages.apply import loan_rows
from hub.web.pages.apply.draft_body import cards_of, judged
from hub.web.pages.apply.step_pages import keep, reading_draft, sent_back, step_page, typed_before
from hub.web.pages.apply.steps import CARDS
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.accounts import MAX_ACCOUNTS, AccountSchema

blueprint = Blueprint("cards", __name__)

_ACCOUNT = AccountSchema()
_FIELDS = ("held", "take", *_ACCOUNT.load_fields, *component_rows.FIELDS)
_TYPED = (*_ACCOUNT.load_fields, *component_rows.TYPED)
_UNLESS_TYPED = {"currency": "CNY", "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
_MOST_ROWS = MAX_ACCOUNTS * 2


@dataclass(slots=True)
class _Rows:
    """The cards of a form: as they are shown, and those of them that are chosen, with their place on the page."""

    values: dict[str, list[str]] = field(default_factory=dict)
    accounts: list[Plain] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # The places of cards that are not ticked and have an amount beside them.
    amounts_of_others: list[int] = field(default_factory=list)


@blueprint.route("/cards")
@for_cardholders
def show() -> Response:
    """The known cards, ticked where they were chosen before, and room for another one."""
    with reading_draft() as (tx, there):
        data, known = there.data, _choices(tx, there)
    before = typed_before(CARDS, data)
    if before is not None:
        more, more_loans = (int(request.args.get(name) == "1") for name in ("more", "loan"))
        return _page(before, known, more=more, more_loans=more_loans)
    chosen = {(each["bank_code"], each["card_number"]): each for each in data.get("accounts", [])}
    # Nothing chosen yet: the cards of the application before, which are the ones that this is about.
    meant = set() if chosen else set(cards_of(data.get(KNOWN_CARDS, [])))
    rows = []
    for token, card in known.cards.items():
        number = (card.bank_code, card.card_number)
        account = chosen.get(number)
        is_taken = account is not None or (number in meant and token not in known.refused)
        amounts = card.balance if account is None else _without_number(account)
        rows.append({"held": token, **({"take": "1"} if is_taken else {}), **amounts})
    return _page(filled({"accounts": rows, "loans": loan_rows.shown(data.get("loans", []))}), known)


def _choices(tx: HubTransaction, there: Draft) -> CardChoices:
    accounts = [*there.data.get("accounts", []), *there.data.get(KNOWN_CARDS, [])]
    return card_choices(tx, current_cardholder(), accounts, language=page_language())


def _without_number(account: Plain) -> Plain:
    shown = {name: value for name, value in account.items() if name not in {"bank_code", "card_number", "currency"}}
    # What was left empty is empty again, not a zero that nobody typed.
    return {name: value for name, value in component_rows.shown(shown).items() if value not in (0, None)}


def _page(state: FormState, known: CardChoices, *, more: int = 0, more_loans: int = 0) -> Response:
    held = {row: card for row in state.rows("accounts") if (card := known.cards.get(_token(state, row))) is not None}
    names = {row: _called(card) for row, card in held.items()}
    state = replace(state, bank_names=dict(known.banks), card_names=names)
    there, loans = len(state.rows("accounts")), state.rows("loans")
    # A page without any card or loan has room for a card.
    empty = range(there, max(there, 0 if loans or more_loans else 1) + more)
    can_take = [row for row, card in held.items() if not _is_refused(card, known)]
    return step_page(
        CARDS,
        state,
        known=known,
        empty=empty,
        loans=range(len(loans) + more_loans),
        groups=_by_bank(state, held),
        can_take_all=len(can_take) > 1 and not all(state.has(f"accounts.{row}.take", "1") for row in can_take),
    )


def _token(state: FormState, row: int) -> str:
    return state.value(f"accounts.{row}.held")


def _called(card: KnownCard) -> str:
    return translate("%(bank)s（尾号 %(last4)s）", bank=card.bank_name, last4=card_last4(card.card_number))


def _is_refused(card: KnownCard, known: CardChoices) -> bool:
    """Whether its bank takes no application over it for now."""
    return card.token in known.refused or known.open_reference(card.bank_code) is not None


def _by_bank(state: FormState, held: dict[int, KnownCard]) -> list[tuple[str, list[int]]]:
    """(bank's name, rows) of the known cards that stand together; "" for a card that is typed."""
    groups: list[tuple[str, list[int]]] = []
    for row in state.rows("accounts"):
        name = held[row].bank_name if row in held else ""
        if name and groups and groups[-1][0] == name:
            groups[-1][1].append(row)
        else:
            groups.append((name, [row]))
    return groups


@blueprint.route("/cards", methods=["POST"])
@for_cardholders
@keeps_unfinished
def save() -> Response:
    """The chosen cards are kept, or one more is asked for, or one less."""
    with reading_draft() as (tx, there):
        known = _choices(tx, there)
        rows = _read(known)
        loans = loan_rows.read()
        found = judged({**there.data, "accounts": rows.accounts, "loans": loans.loans}, current_cardholder())
        # The files of the draft are looked at when it is sent.
        banks = replace(found.references, evidence=())
        unknown = intake.reference_faults(tx, banks, client_id=FORM_CLIENT)
        numbers = [*cards_of(rows.accounts), *loans.keys]
        refused = renegotiation_faults(tx, current_cardholder(), numbers)
    values = {**rows.values, **loans.values}
    state = FormState(values=values, faults=(*rows.faults, *loans.faults))
    if "remove" in request.form or request.form.get("do") in {"more", "more_loan", "all"}:
        # Nobody has said yet that the rest is complete, so nothing is blamed.
        return _changed(FormState(values=values), known)
    faults = [
        *CARDS.faults([*found.faults, *unknown]),
        *card_guidance(cards_of(rows.accounts)),
        *_open_already(rows, loans.keys, known),
        *(_at_its_debt(fault, len(rows.accounts)) for fault in refused if fault is not None),
    ]
    if not rows.accounts and not loans.loans and rows.amounts_of_others:
        faults = [Fault(f"/accounts/{rows.amounts_of_others[0]}/take", "required")]
        return _page(state.with_faults(faults), known)
    at_rows = (loan_rows.at_field(component_rows.at_row(each, rows.accounts)) for each in faults)
    state = state.with_faults(each.renumbered("accounts", rows.places) for each in at_rows)
    piece = {"accounts": rows.accounts, "loans": loans.loans or None}
    return keep(CARDS, piece) if state.sound else _page(state, known)


def _changed(state: FormState, known: CardChoices) -> Response:
    """The page with one card or loan more, one less, or all known ones taken."""
    if request.form.get("do") == "more_loan":
        return sent_back(CARDS, state, place=f"loan-{len(state.rows('loans'))}", loan="1")
    if request.form.get("do") == "more":
        return sent_back(CARDS, state, place=f"card-{max(len(state.rows('accounts')), 1)}", more="1")
    if request.form.get("do") == "all":
        for row in state.rows("accounts"):
            card = known.cards.get(_token(state, row))
            if card is not None and not _is_refused(card, known):
                state = replace(state, values={**state.values, f"accounts.{row}.take": ["1"]})
    return sent_back(CARDS, state)


def _read(known: CardChoices) -> _Rows:
    rows = _Rows()
    for number in _numbers():
        if request.form.get("remove") == str(number):
            continue
        row = {name: request.form[key] for name in _FIELDS if (key := f"accounts.{number}.{name}") in request.form}
        held = known.cards.get(row.get("held", ""))
        typed = any(row.get(name, "").strip() for name in _TYPED)
        if held is None and not typed:
            continue
        place = len({name.split(".")[1] for name in rows.values})
        rows.values |= {f"accounts.{place}.{name}": [value] for name, value in row.items()}
        rows.values.setdefault(f"accounts.{place}.held", [""])
        if held is not None and "take" not in row:
            rows.amounts_of_others += [place] if typed and not held.balance else []
            continue
        if held is not None:
            row |= {"bank_code": held.bank_code, "card_number": held.card_number}
        one = read_form(MultiDict(row), _ACCOUNT)
        rows.faults += [fault.under(f"/accounts/{place}") for fault in one.faults]
        # What is owed on such a card stands with another one.
        shares = bool(row.get("account_group") or row.get("role"))
        usual = {**_UNLESS_TYPED, "principal_fen": 0} if shares else _UNLESS_TYPED
        rows.accounts.append(component_rows.completed({**usual, **one.data}))
        rows.places.append(place)
    return rows


def _numbers() -> list[int]:
    parts = (key.split(".") for key in request.form if key.startswith("accounts."))
    numbers = {int(part[1]) for part in parts if len(part) == 3 and part[1].isascii() and part[1].isdigit()}
    return sorted(numbers)[:_MOST_ROWS]


def _open_already(rows: _Rows, loans: Sequence[tuple[str, str]], known: CardChoices) -> list[Fault]:
    faults = []
    for place, each in enumerate(rows.accounts):
        reference = known.open_reference(each.get("bank_code", ""))
        if reference is not None:
            pointer = f"/accounts/{place}/bank_code"
            faults.append(Fault(pointer, "negotiation_already_open_here", {"reference": reference}))
    for place, (code, _) in enumerate(loans):
        reference = known.open_reference(code)
        if reference is not None:
            pointer = f"/loans/{place}/creditor_code"
            faults.append(Fault(pointer, "negotiation_already_open_here", {"reference": reference}))
    return faults


def _at_its_debt(fault: Fault, cards: int) -> Fault:
    """A refusal at the card or, behind all cards, at the loan that it is over."""
    place = int(fault.pointer.split("/")[2])
    pointer = fault.pointer if place < cards else f"/loans/{place - cards}/creditor_code"
    return Fault(pointer, fault.code, fault.params)
