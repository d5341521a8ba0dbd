"""What holds of what was submitted: the log has each version, and the ledger of consents says what they say."""

from collections.abc import Iterator

from hub.domain.consent import GIVEN_LATER, text_of
from hub.domain.consent_ledger import entries_of
from hub.domain.entry_kind import EntryKind
from hub.domain.plain import Plain, from_plain, instant
from hub.domain.submission import Submission
from hub.services.negotiations import commitments
from hub.services.transaction import HubTransaction
from storage import consents, named_rows
from storage.records import NegotiationRecord
from storage.submissions import plain_versions

Fault = tuple[str, str]
"""(invariant, how it does not hold)."""


def submission_faults(tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Fault]:
    """What does not hold of the negotiation's submissions and consents; of an erased one what is left of these."""
    versions = plain_versions(tx, negotiation.id)
    if negotiation.erased_at is None:
        yield from _faults_of_versions(tx, negotiation, versions)
    yield from _faults_of_consents(tx, negotiation, versions)


def _faults_of_versions(tx: HubTransaction, negotiation: NegotiationRecord, versions: list[Plain]) -> Iterator[Fault]:
    name = "submission_is_logged"
    logged = named_rows.digests_of(tx, negotiation.id, commitments.SUBMISSION)
    if len(versions) != negotiation.version:
        yield name, f"{len(versions)} versions are kept, the row says {negotiation.version}"
    for number, plain in enumerate(versions, start=1):
        # Entries of earlier versions of the hub name none.
        if logged and not any(
            commitments.holds(tx, negotiation.id, commitments.SUBMISSION, plain, each) for each in logged
        ):
            yield name, f"version {number} is not what the log has"


def _faults_of_consents(tx: HubTransaction, negotiation: NegotiationRecord, versions: list[Plain]) -> Iterator[Fault]:
    given = consents.list_given(tx, negotiation.id)
    if not negotiation.consents_noted:
        if given:
            yield "consents", "the row says that the ledger has none"
        return
    for each in given:
        text = text_of(each.purpose, each.version)
        if each.sha256 != ("" if text is None else text.sha256):
            yield "consents", f"{each.purpose}: not the digest of the text of version {each.version}"
    listed = {(str(each.purpose), each.version, instant(each.given_at)) for each in given}
    if versions and negotiation.erased_at is None:
        submitted = _submitted(versions)
        later = {each for each in listed - submitted if each[0] in GIVEN_LATER}
        if listed - later != submitted:
            yield "consents", "the ledger says otherwise of what was given than what was submitted"
    taken_back = named_rows.count_of(tx, negotiation.id, EntryKind.CONSENT_WITHDRAWN)
    if taken_back != consents.count_withdrawn(tx, negotiation.id):
        yield "consents", "the ledger says otherwise of what was taken back than the log"


def _submitted(versions: list[Plain]) -> set[tuple[str, str, str]]:
    # To the second, as a submission keeps it; who calls may say a part of a second more.
    found = (from_plain(Submission, plain) for plain in versions)
    return {
        (str(consent.purpose), consent.version, instant(consent.given_at))
        for submission in found
        for consent, _ in entries_of(submission.consents, ())
    }
