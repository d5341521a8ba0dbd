"""What is held of one person, by area, as plain data: each area is a file of JSON in their export."""

from collections.abc import Sequence

from hub.domain.plain import Plain, instant, to_plain
from hub.services.consents import ledger
from hub.services.reading import reading_log, views
from hub.services.transaction import HubTransaction
from storage import (
    applications,
    communications,
    deliveries,
    doubts,
    evidence,
    given_evidence,
    inventory,
    mails,
    recognised_amounts,
)
from storage.mails import Reader
from storage.records import EvidenceRecord, NegotiationRecord, SubmissionRecord
from storage.submissions import submission_of


def areas_of(
    tx: HubTransaction, mine: Sequence[NegotiationRecord], loose: Sequence[EvidenceRecord], *, language: str
) -> Plain:
    """The areas of an export, by name: of the negotiations `mine`, and of files `loose` that belong to none.

    What is kept for the person alone is not among them. Of an erased negotiation there is what stays of it.
    """
    there = [each for each in mine if each.erased_at is None]
    sent = _applications(tx, there)
    return {
        "people": _people(sent),
        "applications": sent,
        "negotiations": [_negotiation(tx, each, language) for each in mine],
        "communications": {each.reference: _log(tx, each) for each in there},
        "consents": {each.reference: _consents(tx, each) for each in mine},
        "accesses": {each.reference: _accesses(tx, each) for each in mine},
        "files": [*(_file(tx, each, None) for each in loose), *(line for row in there for line in _files(tx, row))],
        "doubts": {each.reference: _doubts(tx, each) for each in there},
        "notices": {each.reference: _notices(tx, each) for each in mine},
        "deliveries": {each.reference: _deliveries(tx, each) for each in there},
    }


def _applications(tx: HubTransaction, mine: Sequence[NegotiationRecord]) -> list[Plain]:
    sent = []
    for id_ in dict.fromkeys(each.application_id for each in mine):
        client_id = next(each.client_id for each in mine if each.application_id == id_)
        record = applications.get_application(tx, id_, client_id=client_id)
        about = {"reference": record.reference, "submitted_at": instant(record.submitted_at)}
        sent.append({**about, **to_plain(applications.application_of(tx, record))})
    return sent


def _people(sent: Sequence[Plain]) -> list[Plain]:
    """Who applied, each spelling of them once."""
    seen: list[Plain] = []
    for each in sent:
        person = {name: value or "" for name, value in each["applicant"].items()}
        if person not in seen:
            seen.append(person)
    return seen


def _negotiation(tx: HubTransaction, row: NegotiationRecord, language: str) -> Plain:
    view = views.negotiation_view(tx, row, language=language)
    if row.erased_at is not None:
        return view
    versions = []
    for version in range(1, row.version + 1):
        at = tx.session.get_one(SubmissionRecord, (row.id, version)).submitted_at
        body = to_plain(submission_of(tx, row, version))
        versions.append({"version": version, "submitted_at": instant(at), **body})
    return {**view, "submissions": versions}


def _log(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    return views.communication_views(tx, communications.list_entries(tx, row.id))


def _consents(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    return [to_plain(each) for each in ledger.list_shown(tx, row)]


def _accesses(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    return [to_plain(each) for each in reading_log.readings_of(tx, row.id)]


def _files(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    return [_file(tx, each, row.reference) for each in given_evidence.list_ever_given(tx, row.id)]


def _file(tx: HubTransaction, record: EvidenceRecord, reference: str | None) -> Plain:
    return {
        "id": record.id,
        "kind": evidence.kind_of(tx, record),
        "file_name": evidence.file_name_of(tx, record) if evidence.is_kept(record) else None,
        "media_type": record.media_type,
        "size": record.size,
        "sha256": record.sha256 if evidence.is_kept(record) else None,
        "status": record.status,
        "uploaded_at": instant(record.uploaded_at),
        "negotiation": reference,
        "recognised_amounts": [
            to_plain(each) for each in recognised_amounts.of_files(tx, [record.id]).get(record.id, ())
        ],
    }


def _doubts(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    """What the hub hinted to the bank, which decides nothing, and what the bank did about it."""
    return [
        {
            **to_plain(doubts.doubt_of(tx, each)),
            "found_at": instant(each.found_at),
            "answer": each.answer,
            "answered_at": None if each.answered_at is None else instant(each.answered_at),
        }
        for each in doubts.list_of(tx, row.id, bank_code=row.bank_code)
    ]


def _notices(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    return [
        {
            "kind": each.kind,
            "channel": each.channel,
            "planned_at": instant(each.planned_at),
            "sent_at": None if each.sent_at is None else instant(each.sent_at),
            "status": each.status,
        }
        for each in mails.list_of(tx, row.id)
        if each.reader == Reader.CARDHOLDER
    ]


def _deliveries(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    return [
        {
            "kind": each.kind,
            "queued_at": instant(each.queued_at),
            "delivered_at": None if each.delivered_at is None else instant(each.delivered_at),
            "status": each.status,
            "message": deliveries.body_of(tx, each)["data"],
        }
        for each in inventory.deliveries_of(tx, row.id)
    ]
