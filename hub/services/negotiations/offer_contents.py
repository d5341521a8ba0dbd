"""What an offer says: made once, sealed with it, and from then on the same for pages, API, signing and paper.

Its digest covers it whole, and is what both sides sign.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from hub.domain.agreement import Texts, texts_of
from hub.domain.balances import Balance, left_out_fen, planned_of
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.clauses import Clauses
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding
from hub.domain.log_chain import Attachment
from hub.domain.payments import due_rows
from hub.domain.plain import Plain, from_plain, to_plain
from hub.domain.repayment import Schedule, schedule_of
from hub.domain.terms import Terms, fields_of
from hub.services.negotiations import commitments
from hub.services.negotiations.entries import digest_of
from hub.services.transaction import HubTransaction
from storage import offers
from storage.content_salts import Owner
from storage.records import OfferRecord


def terms_view(terms: Terms) -> Plain:
    """The terms as they could be sent back: the fields of their kind alone."""
    plain: Plain = to_plain(terms)
    return {name: plain[name] for name in fields_of(terms.kind)}


def balances_view(balances: Sequence[Balance]) -> list[Plain]:
    """The balances, a card's first six digits only where they are needed to tell it from another."""
    plain: list[Plain] = to_plain(list(balances))
    return [{name: value for name, value in each.items() if value is not None} for each in plain]


def schedule_when_signed(tx: HubTransaction, terms: Terms, *, signed_on: date, down_payment_days: int) -> Schedule:
    """The payments of `terms` signed on that day, a down payment so many working days after it."""
    down_payment_on = tx.calendar().nth_working_day_after(signed_on, down_payment_days)
    return schedule_of(terms, signed_on=signed_on, down_payment_on=down_payment_on)


def texts_now(
    tx: HubTransaction, bank_code: str, terms: Terms, schedule: Schedule, balances: Sequence[Balance]
) -> Texts:
    """The bank's texts as an offer made now is made under, over what the balances are of."""
    held = texts_over(tx.bank(bank_code), balances)
    return texts_of(held, terms.kind, rows=len(due_rows(terms, schedule.rows)))


def texts_over(bank: Bank, balances: Sequence[Balance]) -> Texts:
    """The bank's texts of today, for cards or for loans, as the balances are."""
    is_over_loans = any(each.is_loan for each in balances)
    return bank.rules.texts_for_loans(bank.standing.regulator) if is_over_loans else bank.rules.texts


def _clauses_over(bank: Bank, balances: Sequence[Balance]) -> Clauses:
    is_over_loans = any(each.is_loan for each in balances)
    return bank.rules.clauses_for_loans(bank.standing.regulator) if is_over_loans else bank.rules.clauses


def made(
    tx: HubTransaction,
    bank_code: str,
    terms: Terms,
    balances: Sequence[Balance],
    *,
    legal: LegalStanding,
    like: Plain | None = None,
) -> Plain:
    """What an offer says that opens now, with the bank's texts of today. `terms` have no faults.

    `legal` is where the debt stands in court. The texts are those of `like` instead, where that is what it said when
    it was made.
    """
    rules = tx.bank(bank_code).rules
    schedule = schedule_when_signed(tx, terms, signed_on=china_day(tx.now), down_payment_days=rules.down_payment_days)
    if like is None:
        texts: Plain = to_plain(texts_now(tx, bank_code, terms, schedule, balances))
        clauses: Plain | None = to_plain(_clauses_over(tx.bank(bank_code), balances))
    else:
        texts, clauses = like["texts"], like.get("clauses")
    return {
        **_figures(terms, balances, schedule),
        "texts": texts,
        "clauses": clauses,
        "down_payment_days": rules.down_payment_days,
        # What was not sued for says nothing of it, as before such debts were told apart.
        **(to_plain(legal) if legal.is_in_court else {}),
    }


def _figures(terms: Terms, balances: Sequence[Balance], schedule: Schedule) -> Plain:
    return {
        "terms": terms_view(terms),
        "balances": balances_view(balances),
        "planned": to_plain(planned_of(terms, balances)),
        "left_out_fen": max(0, left_out_fen(terms, balances)),
        "schedule": to_plain(list(schedule.rows)),
        "total_fen": schedule.total_fen,
        "annual_cost": None if schedule.annual_cost is None else to_plain(schedule.annual_cost),
    }


def of(tx: HubTransaction, offer: OfferRecord) -> Plain:
    """What the offer says; one of before texts were kept has the bank's of today, and a down payment on signing.

    `clauses` are None in one of before offers carried them.
    """
    sealed: Plain | None = offers.contents_in(tx, offer)
    if sealed is not None:
        return {"clauses": None, **to_plain(NOT_IN_COURT), **sealed}
    terms, balances = offers.terms_of(tx, offer), offers.balances_of(tx, offer)
    schedule = schedule_of(terms, signed_on=china_day(offer.opened_at or offer.made_at))
    return {
        **_figures(terms, balances, schedule),
        "texts": to_plain(texts_now(tx, offer.bank_code, terms, schedule, balances)),
        "clauses": None,
        "down_payment_days": 0,
        **to_plain(NOT_IN_COURT),
    }


def texts_in(contents: Plain) -> Texts:
    """The texts of what an offer says."""
    return from_plain(Texts, contents["texts"])


def clauses_in(contents: Plain) -> Clauses | None:
    """The clauses of what an offer says; None where it is of before offers carried them."""
    return None if contents["clauses"] is None else from_plain(Clauses, contents["clauses"])


def legal_in(contents: Plain) -> LegalStanding:
    """Where the debt stood in court when the offer was made; of before such debts were told apart, nowhere."""
    names = (each.name for each in fields(LegalStanding))
    return from_plain(LegalStanding, {name: contents[name] for name in names if name in contents})


def signed_part(tx: HubTransaction, offer: OfferRecord) -> Plain:
    """What the offer's digest covers: all that it says; of one of before offers carried their texts, less."""
    sealed: Plain | None = offers.contents_in(tx, offer)
    if sealed is None:
        return {"terms": to_plain(offers.terms_of(tx, offer)), "schedule": offers.old_schedule_of(tx, offer)}
    return sealed


def digest(tx: HubTransaction, offer: OfferRecord) -> str:
    """The digest that is shown with the offer, and that both sides sign."""
    return digest_of(signed_part(tx, offer))


def attachment(tx: HubTransaction, offer: OfferRecord) -> Attachment:
    """What the offer says, as the log commits to it."""
    owner = Owner(negotiation_id=offer.negotiation_id, bank_code=offer.bank_code)
    return commitments.committed(tx, owner, offer.id, commitments.OFFER, signed_part(tx, offer))


def is_logged_as(tx: HubTransaction, offer: OfferRecord, logged: str | None) -> bool:
    """Whether `logged` is the digest by which the log names what the offer says."""
    return commitments.holds(tx, offer.id, commitments.OFFER, signed_part(tx, offer), logged)
