"""What a bank's proposal would come to, all of it, before it is an offer: so that a preview cannot differ from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.affordability import left_fen, strain_of_plan
from hub.domain.agreement import Texts, contents_of, missing_parts, texts_of
from hub.domain.answer_time import offer_valid_until
from hub.domain.approval import Approval, approvals_needed
from hub.domain.balances import (
    Balance,
    amount_faults,
    balance_faults,
    components_needed,
    sort_faults,
    with_declared_components,
)
from hub.domain.bank import BankRules
from hub.domain.china import china_day
from hub.domain.errors import Fault
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding
from hub.domain.loan_limits import NO_LIMITS, LoanLimits, loan_faults
from hub.domain.offer import BankOffer
from hub.domain.payments import due_rows
from hub.domain.people import says_nothing
from hub.domain.plain import Plain
from hub.domain.repayment import row_faults, schedule_of
from hub.domain.terms import Terms, faults_of
from hub.services.consents.withholding import finances_for_bank
from hub.services.negotiations import further_accounts, legal_stages, offer_contents
from hub.services.transaction import HubTransaction
from storage.records import NegotiationRecord

# How far away a bank may put the end of its offer, in days of China.
LEAST_OFFER_DAYS = 3
MOST_OFFER_DAYS = 30


def offer_faults(
    terms: Terms,
    balances: Sequence[Balance],
    texts: Texts,
    *,
    today: date,
    legal: LegalStanding = NOT_IN_COURT,
    limits: LoanLimits = NO_LIMITS,
) -> list[Fault]:
    """What keeps an offer from opening: its terms, and whatever an agreement on it would not say.

    `legal` is where the debt stands in court. `limits` are what the creditor set for loans.
    """
    is_over_loans = any(each.is_loan for each in balances)
    faults = faults_of(terms, today=today) or [*row_faults(terms), *amount_faults(terms, balances)]
    if is_over_loans:
        faults = faults or loan_faults(terms, limits, today=today)
    if faults:
        return [fault.under("/terms") for fault in faults]
    schedule = schedule_of(terms, signed_on=today)
    held = texts_of(texts, terms.kind, rows=len(due_rows(terms, schedule.rows)))
    contents = contents_of(terms=terms, schedule=schedule, balances=balances, texts=held, legal=legal)
    return [Fault("/terms", "agreement_incomplete", {"part": part}) for part in missing_parts(contents)]


def end_faults(terms: Terms, wanted_until: datetime | None, rules: BankRules, *, now: datetime) -> list[Fault]:
    """What is wrong with the end of an offer that opens `now`: too near, too far, or not before the first payment."""
    if wanted_until is not None:
        days = (china_day(wanted_until) - china_day(now)).days
        if not LEAST_OFFER_DAYS <= days <= MOST_OFFER_DAYS:
            return [Fault("/valid_until", "valid_until_range", {"least": LEAST_OFFER_DAYS, "most": MOST_OFFER_DAYS})]
    ends_on = china_day(wanted_until or offer_valid_until(now, rules.offer_days, rules.closes_at))
    if terms.first_due_on > ends_on:
        return []
    return [Fault("/terms/first_due_on", "first_due_before_end", {"ends_on": ends_on.isoformat()})]


def _strain_faults(proposed: BankOffer, *, left: int | None, today: date) -> list[Fault]:
    """`reason_over_80_required` where a month costs more than can be borne of what is `left`, and no reason is given.

    Assumes that nothing is wrong with the terms.
    """
    schedule = schedule_of(proposed.terms, signed_on=today)
    payments_fen = [row.total_fen for row in schedule.rows if row.number != 0]
    if not says_nothing(proposed.reason_over_80) or strain_of_plan(payments_fen, left) is None:
        return []
    return [Fault("/reason_over_80", "reason_over_80_required")]


def proposal_faults(
    proposed: BankOffer,
    balances: Sequence[Balance],
    cards: Sequence[str],
    rules: BankRules,
    *,
    left: int | None,
    now: datetime,
) -> list[Fault]:
    """Everything that keeps a bank's proposal over `cards` from opening `now`, with so much `left` a month.

    `left` is None where the bank is no longer given it. `balances` are the bank's own, or the declared ones where it
    gives none.
    """
    today = china_day(now)
    faults = []
    if proposed.balances is not None:
        found = balance_faults(proposed.balances, cards, today=today)
        faults += [fault.under("/balances") for fault in found]
    judged = offer_faults(proposed.terms, balances, rules.texts, today=today, limits=rules.loan_limits)
    faults += judged or _strain_faults(proposed, left=left, today=today)
    places = {fault.pointer for fault in faults}
    ending = end_faults(proposed.terms, proposed.valid_until, rules, now=now)
    return [*faults, *(fault for fault in ending if fault.pointer not in places)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnUp:
    """A bank's proposal as it would be an offer now. Nothing of it is kept.

    `contents` is all that the offer would say, None while its terms break a rule; `valid_until` is when it would end if
    it opened now. `approvals` are the levels it would go through, and `faults` everything that keeps it from opening.
    """

    balances: tuple[Balance, ...]
    contents: Plain | None
    valid_until: datetime
    approvals: tuple[Approval, ...]
    faults: tuple[Fault, ...]


def drawn_up(tx: HubTransaction, negotiation: NegotiationRecord, proposed: BankOffer) -> DrawnUp:
    """What `proposed` comes to now."""
    rules, legal = tx.bank(negotiation.bank_code).rules, legal_stages.standing_of(tx, negotiation)
    declared = further_accounts.declared_balances(tx, negotiation)
    balances = declared if proposed.balances is None else with_declared_components(proposed.balances, declared)
    cards = further_accounts.debts_of(tx, negotiation)
    month = finances_for_bank(tx, negotiation)
    left = None if month is None else left_fen(month)
    faults = proposal_faults(proposed, balances, cards, rules, left=left, now=tx.now)
    apart = sort_faults(balances)
    unsaid = components_needed(proposed.terms.kind, balances, declared)
    faults += [fault.under("/balances") for fault in (*apart, *unsaid)]
    judged = offer_faults(proposed.terms, balances, rules.texts, today=china_day(tx.now), limits=rules.loan_limits)
    is_lawful = not apart and not judged
    return DrawnUp(
        balances=balances,
        contents=offer_contents.made(tx, negotiation.bank_code, proposed.terms, balances, legal=legal)
        if is_lawful
        else None,
        valid_until=proposed.valid_until or offer_valid_until(tx.now, rules.offer_days, rules.closes_at),
        approvals=approvals_needed(
            proposed.terms, rules.approval_levels, four_eyes_above_fen=rules.four_eyes_above_fen
        ),
        faults=tuple(faults),
    )
