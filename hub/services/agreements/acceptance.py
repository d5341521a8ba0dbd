"""Agreements: made of an accepted offer, and their paper."""

from dataclasses import replace
from functools import partial

from hub.documents import agreement_document
from hub.documents.paper_seal import PaperSigner
from hub.domain.agreement import AgreementContents, contents_of, missing_parts
from hub.domain.agreement_end import AgreementStatus
from hub.domain.answer_time import hold_check_at
from hub.domain.china import china_day
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, Fault, StatusConflict, WrongConfirmationCode
from hub.domain.lifecycle import Event, Status, allows
from hub.domain.offer import OfferEvent, OfferStatus
from hub.domain.plain import Plain, to_plain
from hub.jobs.port import Job
from hub.services.agreements import (
    agreement_ends,
    confirmation_codes,
    failed_agreements,
    payment_reminders,
    payment_standing,
)
from hub.services.delivery import queueing
from hub.services.documents import agreement_paper
from hub.services.documents.papers import (
    Paper,
    late_jobs,
    print_job,
    print_paper,
)
from hub.services.documents.printing import Printer
from hub.services.negotiations import closing, commitments, negotiation_log, offer_contents
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_client
from hub.services.negotiations.offering import require_open, visible_offer
from hub.services.notifications import notifications
from hub.services.reference_numbers import AGREEMENT_PREFIX, references
from hub.services.transaction import HubTransaction, Transactions
from storage import agreements, documents, offers
from storage.evidence_store import EvidenceStore
from storage.records import (
    AgreementRecord,
    NegotiationRecord,
    OfferRecord,
    new_id,
)

_JOB = "print_agreement"


def accept(
    tx: HubTransaction, negotiation_id: str, offer_id: str, code: str, *, client_id: str
) -> WrongConfirmationCode | None:
    """The agreement is in force, its paper and the bank's copy are on their way; None says so.

    A wrong code is given back as an error for the face to raise after the commit, because its try must count.
    Accepting the same offer twice changes nothing. Raises `OfferNotOpen`, `StatusConflict`, `ConfirmationStopped`.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    offer = visible_offer(tx, negotiation, offer_id)
    if offer.status == OfferStatus.ACCEPTED:
        return None
    require_open(tx, negotiation, offer)
    if not allows(Status(negotiation.status), Event.ACCEPTED):
        raise StatusConflict(negotiation.status, Event.ACCEPTED)
    fault = confirmation_codes.use(tx, negotiation, offer, code)
    if fault is not None:
        return WrongConfirmationCode(Fault("/confirmation_code", fault))
    _make_agreement(tx, negotiation, offer)
    return None


def contents_for(tx: HubTransaction, offer: OfferRecord) -> AgreementContents:
    """What an agreement on the offer says when it is signed now."""
    terms = offers.terms_of(tx, offer)
    offered = offer_contents.of(tx, offer)
    schedule = offer_contents.schedule_when_signed(
        tx, terms, signed_on=china_day(tx.now), down_payment_days=offered["down_payment_days"]
    )
    contents = contents_of(
        terms=terms,
        schedule=schedule,
        balances=offers.balances_of(tx, offer),
        texts=offer_contents.texts_in(offered),
        clauses=offer_contents.clauses_in(offered),
        legal=offer_contents.legal_in(offered),
    )
    return replace(contents, tolerance_fen=tx.bank(offer.bank_code).rules.tolerance_fen)


def _make_agreement(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    contents = contents_for(tx, offer)
    missing = missing_parts(contents)
    if missing:
        # Only of an offer made before offers carried their texts can the bank have taken them away.
        raise AgreementConflict("agreement_incomplete", negotiation.status, part=missing[0])
    plain = to_plain(contents)
    [number] = references(tx, AGREEMENT_PREFIX, AgreementRecord.number, 1)
    agreement = AgreementRecord(
        id=new_id(),
        number=number,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        offer_id=offer.id,
        status=AgreementStatus.IN_FORCE,
        signed_at=tx.now,
        collection_held_at=tx.now,
        judged_at=failed_agreements.judged_at(tx, negotiation.bank_code, contents.terms),
        hold_check_at=hold_check_at(tx.now, tx.bank(negotiation.bank_code).rules.closes_at, tx.calendar()),
    )
    agreements.add_agreement(tx, agreement, plain)
    offers.apply_event(tx, offer, OfferEvent.ACCEPTED, by=tx.actor)
    attachments = [
        offer_contents.attachment(tx, offer),
        commitments.committed_first(
            tx, commitments.owner_of(negotiation), agreement.id, commitments.AGREEMENT_CONTENTS, plain
        ),
    ]
    negotiation_log.apply_event(
        tx, negotiation, Event.ACCEPTED, entry(EntryKind.ACCEPTED, tx.actor, attachments, number=number)
    )
    closing.close(tx, negotiation)
    message: Plain = {
        "offer": offer.id,
        "agreement": {
            "id": agreement.id,
            "number": number,
            "contents": plain,
            "digest": offer_contents.digest(tx, offer),
        },
        # Article 70: from the signing on neither the bank nor its agents collect.
        "collection_hold": True,
    }
    queueing.queue(tx, negotiation, MessageKind.ACCEPTED, message)
    agreement_ends.replace_older(tx, negotiation, agreement)
    payment_standing.renew(tx, agreement)
    payment_reminders.plan_next(tx, agreement)
    notifications.agreed(tx, negotiation, agreement)
    tx.jobs.enqueue(tx.session, print_job(_JOB, negotiation.id, why="accepted"))


def print_agreement(
    transactions: Transactions,
    printer: Printer,
    store: EvidenceStore,
    negotiation_id: str,
    signer: PaperSigner | None = None,
) -> None:
    """The agreement's paper is printed and kept with its SHA-256. Printed once, however often this runs."""
    told = notifications.paper_ready
    print_paper(transactions, printer, store, negotiation_id, compose=_paper, printed=told, signer=signer)


def _paper(tx: HubTransaction, negotiation: NegotiationRecord) -> Paper | None:
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None or documents.find_document(tx, negotiation.id, documents.AGREEMENT) is not None:
        return None
    page = partial(agreement_document.html_of, agreement_paper.paper_of(tx, negotiation, agreement))
    return Paper(kind=documents.AGREEMENT, version=1, name_zh="还款协议", since=agreement.signed_at, page=page)


def jobs_unprinted(tx: HubTransaction) -> list[Job]:
    """A job for each agreement whose paper is long due."""
    return late_jobs(tx, _JOB, documents.list_without_agreement)
