"""Looking for doubts about a negotiation: a job of its own, after its files were judged, that nothing waits for.

What is found of two people is told to both their banks: whoever sent a paper first may have it from the other.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Final

from hub.domain.actor import HUB
from hub.domain.consent_ledger import Withheld
from hub.domain.doubts import (
    COMPARED_DAYS,
    PASSING,
    Doubt,
    DoubtKind,
    TraceSort,
    block_of,
    of_many,
    of_origin,
    of_sums,
)
from hub.domain.evidence import EvidenceStatus
from hub.domain.evidenced_figures import compare
from hub.domain.picture_hash import is_near
from hub.domain.submission import Submission
from hub.services.applications.person_index import person_indexes
from hub.services.doubts.jobs import look_for_doubts
from hub.services.transaction import HubTransaction, Transactions
from storage import (
    application_traces,
    clean_copies,
    consents,
    doubts,
    given_evidence,
    negotiation_locks,
    traces,
    viewing_copies,
)
from storage import evidenced_figures as figures
from storage.records import ApplicationRecord, EvidenceRecord, NegotiationRecord
from storage.submissions import submission_of

# Of what shares a trace so many of the newest are compared; what very many use one form for is no hint of anything.
MOST_COMPARED: Final = 200
# So many others are told; the newest of them.
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    doubt: Doubt
    # By the ids of the negotiations of others that it was found by: their files, or None where it is about people.
    others: Mapping[str, AbstractSet[str | None]] = field(default_factory=dict)


def look(transactions: Transactions, negotiation_id: str) -> None:
    """The bank has the hints that there are about the negotiation; doing it twice changes nothing."""
    with transactions.writing(HUB) as tx:
        negotiation = negotiation_locks.lock(tx, negotiation_id)
        withheld = consents.withheld_of(tx, negotiation)
        if negotiation.erased_at is not None or withheld.everything:
            return
        rows = doubts.list_of(tx, negotiation.id, bank_code=negotiation.bank_code)
        known = {(each := doubts.doubt_of(tx, row)).about: (row, each) for row in rows}
        found = {each.doubt.about: each for each in _findings(tx, negotiation, withheld)}
        for about, (row, doubt) in known.items():
            if doubt.kind in PASSING and (about not in found or found[about].doubt != doubt):
                doubts.remove(tx, row)
        for about, finding in found.items():
            if about in known and not (finding.doubt.kind in PASSING and known[about][1] != finding.doubt):
                continue
            record = doubts.add(tx, negotiation, finding.doubt)
            told = dict(islice(finding.others.items(), _MOST_TOLD))
            for other in doubts.list_without(tx, finding.doubt.kind, told):
                tx.jobs.enqueue(tx.session, look_for_doubts(other, why=record.id))


def _findings(tx: HubTransaction, negotiation: NegotiationRecord, withheld: Withheld) -> Iterator[_Finding]:
    submission = submission_of(tx, negotiation)
    person = person_indexes(tx, submission.applicant.id_type, submission.applicant.id_number)
    for given, record in given_evidence.list_given(tx, negotiation):
        if record.status == EvidenceStatus.CLEAN and not withheld.holds(record.id, given.kind):
            yield from _of_file(tx, record, person)
            yield from _of_origin(tx, record, given.kind)
    read = [figures.figure_of(tx, each) for each in figures.newest(tx, negotiation.id, bank_code=negotiation.bank_code)]
    sums = of_sums(compare(submission.finances, {each.line: each.amount_fen for each in read}))
    if sums is not None:
        yield _Finding(doubt=sums)
    yield from _of_application(tx, negotiation, submission, person)


def _of_application(
    tx: HubTransaction, negotiation: NegotiationRecord, submission: Submission, person: list[bytes]
) -> Iterator[_Finding]:
    application = tx.session.get_one(ApplicationRecord, negotiation.application_id)
    mobile, at = submission.applicant.mobile, application.submitted_at
    changed_at = application_traces.mobile_changed_at(
        tx,
        application,
        person=person,
        mobiles=tx.keyring.indexes(mobile, purpose="mobile"),
        since=at - timedelta(days=COMPARED_DAYS),
    )
    if changed_at is not None:
        facts = {"days": COMPARED_DAYS}
        yield _Finding(doubt=Doubt(kind=DoubtKind.MOBILE_CHANGED, facts=facts))
    since = tx.now - timedelta(days=COMPARED_DAYS)
    if at >= since:
        _note_traces(tx, application, submission)
    for sort in TraceSort:
        people = application_traces.people_alike(tx, application.id, sort, since=since, among=MOST_COMPARED)
        doubt = of_many(sort, people)
        if doubt is not None:
            alike = application_traces.negotiations_alike(
                tx, application.id, sort, since=since, among=MOST_COMPARED, limit=_MOST_TOLD
            )
            yield _Finding(doubt=doubt, others={each: {None} for each in alike})


def _note_traces(tx: HubTransaction, application: ApplicationRecord, submission: Submission) -> None:
    at = application.submitted_at
    block = block_of(submission.applicant.mobile)
    application_traces.note(tx, application.id, TraceSort.NUMBER_BLOCK, block, at=at)
    helper = submission.representative
    if helper is not None:
        application_traces.note(tx, application.id, TraceSort.HELPER, helper.mobile, at=at)


def _of_origin(tx: HubTransaction, record: EvidenceRecord, kind: str) -> Iterator[_Finding]:
    copy = clean_copies.find_copy(tx, record.id)
    origin = None if copy is None else clean_copies.origin_of(tx, copy)
    if copy is None or origin is None:
        return
    doubt = of_origin(origin, kind, evidence_id=record.id, was_signed=copy.was_signed)
    if doubt is not None:
        yield _Finding(doubt=doubt)


def _of_file(tx: HubTransaction, record: EvidenceRecord, person: list[bytes]) -> Iterator[_Finding]:
    """The same file says more than that it looks the same, so of the two only that is said."""
    traces.add_file(tx, record)
    same = traces.same_file(tx, record, but=person, limit=MOST_COMPARED)
    if same:
        yield _Finding(doubt=Doubt(kind=DoubtKind.SAME_FILE, evidence_id=record.id), others=same)
        return
    near = _near(tx, record.id, person)
    if near:
        yield _Finding(doubt=Doubt(kind=DoubtKind.SIMILAR_PICTURE, evidence_id=record.id), others=near)


def _near(tx: HubTransaction, evidence_id: str, person: list[bytes]) -> dict[str, AbstractSet[str]]:
    """The files with a page that is nearly the same picture as one of the file, by the ids of others' negotiations."""
    found: dict[str, AbstractSet[str]] = {}
    for page in viewing_copies.pages_of(tx, [evidence_id]).get(evidence_id, ()):
        picture_hash = viewing_copies.picture_hash_of(tx, page)
        if picture_hash is None:
            continue
        candidates = traces.candidates(tx, picture_hash, but=person, limit=MOST_COMPARED)
        hashes = viewing_copies.picture_hashes_of(tx, set().union(*candidates.values()))
        alike = {place for place, other in hashes.items() if is_near(picture_hash, other)}
        for other, pages in candidates.items():
            near = {file for file, _ in pages & alike}
            if near:
                found[other] = found.get(other, set()) | near
    return found
