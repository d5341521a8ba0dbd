"""What is held of one person, by area, as plain data: each area is a file of JSON in their export."""

from collections.abc import Mapping, Sequence
from typing import Final

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

_RECORD: Final = "negotiations/*/record.zip"
AREA_OF_TABLE: Final[Mapping[str, str]] = {
    "agreement": "negotiations",
    "amendment": "negotiations",
    "application": "applications",
    "appointment": "kept_for_you",
    "bill": "kept_for_you",
    "bill_consent": "kept_for_you",
    "clean_copy": _RECORD,
    "clearance": _RECORD,
    "clock": "negotiations",
    "collection_report": "negotiations",
    "consent_withdrawal": "consents",
    "credit_note": "negotiations",
    "deduction": "kept_for_you",
    "delivery": "deliveries",
    "document": _RECORD,
    "doubt": "doubts",
    "draft": "kept_for_you",
    "evidence": "files",
    "evidence_request": "communications",
    "given_evidence": "files",
    "log_content": "communications",
    "mandate": "kept_for_you",
    "negotiation": "negotiations",
    "offer": "negotiations",
    "page_session": "kept_for_you",
    "payment": "negotiations",
    "preferences": "kept_for_you",
    "proposed_account": "negotiations",
    "recognised_amounts": "files",
    "request_content": "kept_for_you",
    "service_request": "kept_for_you",
    "referral": "kept_for_you",
    "referral_revocation": "kept_for_you",
    "submission": "negotiations",
    "unfinished_form": "kept_for_you",
}
"""Where the data of each table stands in an export: the area, or the file of the ZIP."""


REASON_LEFT_OUT: Final[Mapping[str, str]] = {
    "answered_call": "the first answer to a host app's own call, which holds what stands in the areas anyway",
    "application_trace": "keyed hashes by which applications are compared for a month",
    "attempt": "counts of tries by keyed hashes, gone after minutes",
    "bank_event": "a keyed digest of what a bank sent, which stands in the log",
    "case_note": "the bank's own note, kept on its behalf: the bank gives it out",
    "confirmation_code": "the keyed digest of a code",
    "content_salt": "salts that keep digests from being guessed; those that prove something are in the record",
    "evidence_check": "the bank's own opinion of a file, kept on its behalf: the bank gives it out",
    "evidence_trace": "keyed hashes by which files are compared; the files are in the record",
    "evidenced_figure": "the bank's own reading of a file, kept on its behalf: the bank gives it out",
    "export": "an order of the bank's people for a table, kept for days; that it was made stands in the accesses",
    "gateway_order": "a keyed digest of an order that became an application",
    "launch": "a way in for five minutes, made of what the host app has",
    "legal_hold": "the operator's words on a dispute, which concern others too; that it holds is told with an erasure",
    "look": "how far the person has read, by themselves",
    "mail": "the address of somebody who was erased, until they are told so; what they were told is in the notices",
    "referral_message": "what a lender is told, until it has it: it stands with the referral",
    "matter_code": "the keyed digest of a code",
    "refused_event": "a digest of what a bank sent and the hub did not take",
    "search_key": "keyed hashes by which the bank finds the case",
    "sign_in_code": "the keyed digest of a code",
    "viewing_copy": "pictures of pages of the files that are in the record",
    "viewing_page": "pictures of pages of the files that are in the record",
}
"""The tables with data of the person that are not in an export, each with the reason."""


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
