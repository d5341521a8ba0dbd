"""What holds of every stored agreement: it is what was signed and what the log has, and so is each word since."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from hub.domain.agreement import AgreementContents, missing_parts
from hub.domain.agreement_end import AgreementStatus
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import EvidenceDamaged
from hub.domain.payment_standing import standing_of
from hub.domain.plain import from_plain, to_plain
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.payments import payment_report, payment_words
from hub.services.negotiations import commitments, offer_contents
from hub.services.transaction import HubTransaction
from storage import agreements, amendments, inventory, payments
from storage.communications import Entry
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord, OfferRecord

Fault = tuple[str, str, str]
"""(invariant, what it does not hold of, how)."""


def agreement_faults(
    tx: HubTransaction, negotiation: NegotiationRecord, entries: Sequence[Entry], digests: Mapping[str, str]
) -> Iterator[Fault]:
    """What does not hold of the negotiation's agreements; `digests` are those of the log by what they are of."""
    for agreement in inventory.agreements_of(tx, negotiation.id):
        is_whole = True
        for fault in (
            *_faults_of_contents(tx, agreement, digests),
            *_faults_of_life(agreement, entries),
            *_faults_of_payments(tx, agreement, entries, digests),
            *_faults_of_amendments(tx, agreement, entries),
        ):
            is_whole = False
            yield fault
        if is_whole and agreement.followed_at is not None:
            yield from _faults_of_standing(tx, agreement)


def _faults_of_contents(tx: HubTransaction, agreement: AgreementRecord, digests: Mapping[str, str]) -> Iterator[Fault]:
    name, subject = "agreement_is_signed", agreement.number
    try:
        plain = agreements.contents_of(tx, agreement)
    except EvidenceDamaged:
        yield name, subject, "its contents cannot be read"
        return
    if not commitments.holds(tx, agreement.id, commitments.AGREEMENT_CONTENTS, plain, digests.get(agreement.id)):
        yield name, subject, "not the contents that the log has"
    missing = missing_parts(from_plain(AgreementContents, plain))
    if missing:
        yield "agreement_is_complete", subject, f"does not say {', '.join(missing)}"
    offer = tx.session.get_one(OfferRecord, agreement.offer_id)
    try:
        is_logged = offer_contents.is_logged_as(tx, offer, digests.get(offer.id))
    except EvidenceDamaged:
        is_logged = False
    if not is_logged:
        yield name, subject, "not the offer that the log has"


def _faults_of_life(agreement: AgreementRecord, entries: Sequence[Entry]) -> Iterator[Fault]:
    """When it was signed, and whether it is in force, are what the log says."""
    signed = next((each.header for each in entries if agreement.id in {a.id for a in each.header.attachments}), None)
    if signed is not None and signed.at != agreement.signed_at:
        yield "agreement_is_signed", agreement.number, "signed at another time than the log has"
    is_in_force = agreement.status == AgreementStatus.IN_FORCE
    if is_in_force == any(each.header.kind == EntryKind.AGREEMENT_ENDED for each in entries):
        yield "agreement_is_logged", agreement.number, f"stands at {agreement.status}, and the log says otherwise"


def _faults_of_payments(
    tx: HubTransaction, agreement: AgreementRecord, entries: Sequence[Entry], digests: Mapping[str, str]
) -> Iterator[Fault]:
    name, subject = "payment_is_logged", agreement.number
    sentences = {each.text for each in entries}
    records = payments.list_of(tx, agreement.id)
    for record in records:
        try:
            said = payments.said_of(tx, record)
        except EvidenceDamaged:
            yield name, subject, f"row {record.number}: what the bank said cannot be read"
            continue
        if not _is_logged(tx, record.id, payment_report(record.number, said), digests.get(record.id)) and not (
            # Entries of earlier versions hold no digest: there the sentence has to be the row's.
            record.id not in digests and _is_said(payment_words(record.number, said), sentences)
        ):
            yield name, subject, f"row {record.number}: nobody said so in the log"
    told = {each.id for entry in entries for each in entry.header.attachments if each.kind == commitments.PAYMENT}
    for gone in sorted(told - {record.id for record in records}):
        yield name, subject, f"what the log has as {gone} is no row any more"


def _is_logged(tx: HubTransaction, payment_id: str, report: object, logged: str | None) -> bool:
    return commitments.holds(tx, payment_id, commitments.PAYMENT, to_plain(report), logged)


def _is_said(words: str | None, sentences: Collection[str | None]) -> bool:
    return words is not None and words in sentences


def _faults_of_amendments(tx: HubTransaction, agreement: AgreementRecord, entries: Sequence[Entry]) -> Iterator[Fault]:
    logged = {(attachment.id, attachment.sha256) for each in entries for attachment in each.header.attachments}
    for amendment in amendments.list_of(tx, agreement.id):
        named = {sha256 for id_, sha256 in logged if id_ == amendment.id}
        if amendment.position is not None and not _is_signed(tx, amendment, named):
            yield "amendment_is_signed", amendment.number or agreement.number, "not the contents that the log has"


def _is_signed(tx: HubTransaction, amendment: AmendmentRecord, named: Collection[str]) -> bool:
    try:
        contents = amendments.contents_of(tx, amendment)
    except EvidenceDamaged:
        return False
    kind = commitments.AMENDMENT_CONTENTS
    return contents is not None and any(
        commitments.holds(tx, amendment.id, kind, to_plain(contents), each) for each in named
    )


def _faults_of_standing(tx: HubTransaction, agreement: AgreementRecord) -> Iterator[Fault]:
    standing = standing_of(payment_rows(tx, agreement))
    if (agreement.next_due_on, agreement.missed_rows, agreement.part_paid_rows) != (
        standing.next_due_on,
        standing.missed_rows,
        standing.part_paid_rows,
    ):
        yield "agreement_is_followed", agreement.number, "found by other figures than its rows come to"
