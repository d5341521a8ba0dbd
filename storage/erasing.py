"""Taking rows out for good: what one negotiation holds, and what is kept of a person beside negotiations.

What stays of a negotiation are its reference, statuses, times and digests. Nothing here asks whether it may go.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.entry_kind import EntryKind
from storage import appointments, evidence, given_evidence
from storage.records import (
    AgreementRecord,
    AmendmentRecord,
    AnsweredCallRecord,
    ApplicationRecord,
    ApplicationTraceRecord,
    AppointmentRecord,
    BankEventRecord,
    BillConsentRecord,
    BillRecord,
    CaseNoteRecord,
    CasePresenceRecord,
    ClearanceRecord,
    ClockRecord,
    CollectionReportRecord,
    ConfirmationCodeRecord,
    ContentSaltRecord,
    CreditNoteRecord,
    DeductionRecord,
    DeliveryRecord,
    DocumentRecord,
    DoubtRecord,
    DraftRecord,
    EvidenceCheckRecord,
    EvidencedFigureRecord,
    EvidenceRecord,
    EvidenceRequestRecord,
    GatewayOrderRecord,
    GivenEvidenceRecord,
    HoldRecord,
    LaunchRecord,
    LogContentRecord,
    LogEntryRecord,
    LookRecord,
    MandateRecord,
    MatterCodeRecord,
    NegotiationRecord,
    OfferRecord,
    PageSessionRecord,
    PaymentRecord,
    PreferencesRecord,
    ProposedAccountRecord,
    ReferralRecord,
    RefusedEventRecord,
    RequestFileRecord,
    SearchKeyRecord,
    SignInCodeRecord,
    SubmissionRecord,
    UnfinishedFormRecord,
)
from storage.sealed_json import open_json
from storage.transaction import Transaction

_OF_ONE_PERSON: Final[tuple[Any, ...]] = (
    DraftRecord,
    UnfinishedFormRecord,
    PreferencesRecord,
    BillRecord,
    BillConsentRecord,
    ReferralRecord,
    MandateRecord,
    DeductionRecord,
    MatterCodeRecord,
)
_OF_AGREEMENTS: Final[tuple[Any, ...]] = (PaymentRecord, HoldRecord)
# Rows go before those that they name.
_OF_NEGOTIATIONS: Final[tuple[Any, ...]] = (
    ConfirmationCodeRecord,
    ClearanceRecord,
    CollectionReportRecord,
    AmendmentRecord,
    AgreementRecord,
    OfferRecord,
    CreditNoteRecord,
    ProposedAccountRecord,
    EvidenceRequestRecord,
    DeliveryRecord,
    BankEventRecord,
    RefusedEventRecord,
    CaseNoteRecord,
    CasePresenceRecord,
    LookRecord,
    SearchKeyRecord,
    DoubtRecord,
    DocumentRecord,
    SubmissionRecord,
    ContentSaltRecord,
)


def logged_digests(tx: Transaction, negotiation_id: str, *, of: Collection[str] | None = None) -> list[tuple[str, str]]:
    """(id, SHA-256) of what entries name, of these ids alone where `of` is given; each once."""
    entries = tx.session.execute(
        sa.select(LogEntryRecord.attachments)
        .where(LogEntryRecord.negotiation_id == negotiation_id)
        .order_by(LogEntryRecord.sequence)
    )
    named = ((each["id"], each["sha256"]) for (attachments,) in entries for each in attachments)
    return list(dict.fromkeys(each for each in named if of is None or each[0] in of))


def logged_words(tx: Transaction, negotiation_id: str) -> list[tuple[str, str]]:
    """(sequence, salted digest) of each entry whose words are there, but for what entries say of erasures."""
    found = tx.session.execute(
        sa.select(LogEntryRecord.sequence, LogEntryRecord.content)
        .join(
            LogContentRecord,
            sa.and_(
                LogContentRecord.negotiation_id == LogEntryRecord.negotiation_id,
                LogContentRecord.sequence == LogEntryRecord.sequence,
            ),
        )
        .where(LogEntryRecord.negotiation_id == negotiation_id, LogEntryRecord.kind != EntryKind.ERASED)
        .order_by(LogEntryRecord.sequence)
    )
    return [(str(sequence), content) for sequence, content in found]


def list_files(tx: Transaction, negotiation_id: str, *, but: Sequence[str] = ()) -> list[str]:
    """Ids of the files that were given to the negotiation, but for those given as one of these kinds."""
    given = given_evidence.list_kinds(tx, negotiation_id)
    return sorted({each.evidence_id for each in given if each.kind not in but})


def take_files(tx: Transaction, negotiation_id: str, file_ids: Sequence[str]) -> list[str]:
    """The files are the negotiation's no more, nor is what was found in them; gives the names of their bytes.

    Bytes of a file that another negotiation still has are not among them.
    """
    for table in (EvidenceCheckRecord, EvidencedFigureRecord, DoubtRecord):
        tx.session.execute(sa.delete(table).where(table.negotiation_id == negotiation_id))
    given = GivenEvidenceRecord
    tx.session.execute(sa.delete(given).where(given.negotiation_id == negotiation_id, given.evidence_id.in_(file_ids)))
    return remove_unheld(tx, file_ids)


def remove_unheld(tx: Transaction, file_ids: Sequence[str]) -> list[str]:
    """Those of the files are gone that no negotiation and no request has; gives the names of their bytes."""
    held: set[str] = set()
    for table in (GivenEvidenceRecord, RequestFileRecord):
        held.update(tx.session.scalars(sa.select(table.evidence_id).where(table.evidence_id.in_(file_ids))))
    return [name for each in file_ids if each not in held for name in remove_file(tx, each)]


def remove_file(tx: Transaction, file_id: str) -> list[str]:
    """The file's row is gone, with its keys; gives the names of its bytes, none where it is gone already."""
    record = evidence.find_evidence(tx, file_id, lock=True)
    return [] if record is None else evidence.remove(tx, record)


def take_all(tx: Transaction, negotiation: NegotiationRecord) -> list[str]:
    """The negotiation holds nothing of the person; gives the names of the bytes of its papers.

    Its files must have been taken, and its `erased_at` be written.
    """
    papers = sa.select(DocumentRecord.store_name).where(DocumentRecord.negotiation_id == negotiation.id)
    names = list(tx.session.scalars(papers))
    agreements = sa.select(AgreementRecord.id).where(AgreementRecord.negotiation_id == negotiation.id)
    codes, amendments = ConfirmationCodeRecord, AmendmentRecord
    tx.session.execute(sa.delete(codes).where(codes.negotiation_id == negotiation.id))
    for table in _OF_AGREEMENTS:
        tx.session.execute(sa.delete(table).where(table.agreement_id.in_(agreements)))
    tx.session.execute(sa.delete(amendments).where(amendments.negotiation_id == negotiation.id))
    for table in _OF_NEGOTIATIONS:
        tx.session.execute(sa.delete(table).where(table.negotiation_id == negotiation.id))
    appointments.forget(tx, AppointmentRecord.negotiation_id == negotiation.id)
    _take_words(tx, negotiation.id)
    tx.session.execute(
        sa.update(ClockRecord).where(ClockRecord.negotiation_id == negotiation.id).values(cause_sealed=None)
    )
    _blank(negotiation)
    tx.session.flush()
    _blank_application(tx, negotiation.application_id)
    return names


def _take_words(tx: Transaction, negotiation_id: str) -> None:
    entry, content = LogEntryRecord, LogContentRecord
    kept = sa.select(entry.sequence).where(entry.negotiation_id == negotiation_id, entry.kind == EntryKind.ERASED)
    tx.session.execute(
        sa.delete(content).where(content.negotiation_id == negotiation_id, content.sequence.not_in(kept))
    )


def _blank(negotiation: NegotiationRecord) -> None:
    negotiation.person_index = negotiation.subject_index = negotiation.mobile_index = b""
    negotiation.call_word = negotiation.faults = negotiation.last_word = negotiation.summary_sealed = None
    negotiation.reason_sealed = negotiation.deferral_sealed = None
    negotiation.transfer_sealed = negotiation.legal_sealed = None
    negotiation.owed_hundreds, negotiation.reason_marks = 0, ""
    # There is nothing left that a ledger from before there was one could be made of.
    negotiation.consents_noted = True


def _blank_application(tx: Transaction, application_id: str) -> None:
    kept = sa.exists().where(NegotiationRecord.application_id == application_id, NegotiationRecord.erased_at.is_(None))
    if tx.session.scalar(sa.select(kept)):
        return
    application = tx.session.get_one(ApplicationRecord, application_id)
    application.person_index = application.subject_index = application.mobile_index = application.body_sealed = b""
    trace = ApplicationTraceRecord
    tx.session.execute(sa.delete(trace).where(trace.application_id == application_id))
    orders = GatewayOrderRecord
    tx.session.execute(sa.update(orders).where(orders.application_id == application_id).values(digest=""))
    tx.session.flush()


def drop_forms_about(tx: Transaction, negotiation_id: str) -> None:
    """No form about the negotiation lies anywhere half filled in, whoever left it."""
    forms = UnfinishedFormRecord
    tx.session.execute(sa.delete(forms).where(forms.address.contains(negotiation_id, autoescape=True)))


def forget_person(
    tx: Transaction, *, owners: Sequence[bytes], mobiles: Sequence[bytes], clients: Sequence[str] | None
) -> None:
    """What is kept of the person beside negotiations is gone, that of these ways in alone where named.

    `owners` are the keyed hashes of their document, their mobile, and what their host app calls them.
    """
    for table in _OF_ONE_PERSON:
        mine = table.owner_index.in_(owners)
        tx.session.execute(sa.delete(table).where(mine if clients is None else mine & table.client_id.in_(clients)))
    mine = AppointmentRecord.owner_index.in_(owners)
    appointments.forget(tx, mine if clients is None else mine & AppointmentRecord.client_id.in_(clients))
    answers = AnsweredCallRecord
    tx.session.execute(sa.delete(answers).where(answers.client_id.in_([each.hex()[:32] for each in owners])))
    tx.session.execute(sa.delete(SignInCodeRecord).where(SignInCodeRecord.mobile_index.in_(mobiles)))


def end_sessions(tx: Transaction, owners: Sequence[str]) -> None:
    """The sessions that are kept under these names have ended."""
    tx.session.execute(sa.delete(PageSessionRecord).where(PageSessionRecord.owner.in_(owners)))


def list_unsent_files(tx: Transaction, client_id: str, subject_indexes: Sequence[bytes]) -> list[str]:
    """Ids of the client's files for the person that were never sent with anything."""
    table = EvidenceRecord
    return list(
        tx.session.scalars(
            sa.select(table.id).where(
                table.client_id == client_id,
                table.subject_index.in_(subject_indexes),
                table.attached_at.is_(None),
            )
        )
    )


def drop_launches(tx: Transaction, known: frozenset[str]) -> None:
    """Ways in that were made for a person known by one of these numbers or names, and are still there, open nothing."""
    for record in tx.session.scalars(sa.select(LaunchRecord)).all():
        person = open_json(tx, record.person_sealed, table="launch", column="person", row=record.digest.hex())
        if known & {person.get("id_number"), person.get("mobile"), person.get("subject")}:
            tx.session.delete(record)
    tx.session.flush()
