"""Intake: an application becomes one negotiation a creditor, all in one commit; a returned one is submitted again."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.domain.application import Applicant, Application, Correction, EvidenceReference, proposal_of_each_bank
from hub.domain.bank import Bank
from hub.domain.call_word import CallWord
from hub.domain.consent_ledger import Door
from hub.domain.doubts import TraceSort
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, NegotiationAlreadyOpen, Refused
from hub.domain.evidence import EvidenceKind, EvidenceStatus
from hub.domain.identity import IdentityLevel, blocks
from hub.domain.issuers import bank_key, same_bank
from hub.domain.lifecycle import Event
from hub.domain.plain import to_plain
from hub.domain.references import References
from hub.domain.submission import Submission, corrected, submission_to
from hub.jobs.port import Job
from hub.services.applications import renegotiation, screening_jobs
from hub.services.applications.person_index import person_index, person_indexes
from hub.services.applications.renegotiation import Earlier
from hub.services.consents import ledger
from hub.services.negotiations import commitments, negotiation_log
from hub.services.negotiations.entries import entry, evidence_attachment
from hub.services.negotiations.locking import lock_for_client
from hub.services.notifications import notifications
from hub.services.reference_numbers import APPLICATION_PREFIX, NEGOTIATION_PREFIX, references_of_each
from hub.services.transaction import HubTransaction
from storage import application_traces, applications, banks, content_salts, evidence, given_evidence, negotiations
from storage.content_salts import NewSalt, Owner
from storage.negotiations import NewNegotiation
from storage.records import ApplicationRecord, EvidenceRecord, NegotiationRecord, new_id
from storage.submissions import submission_of


def reference_faults(
    tx: HubTransaction, named: References, *, client_id: str, runs_already: bool = False
) -> list[Fault]:
    """A fault for each bank that takes no applications here and each file that is not the client's.

    A bank that was closed takes what `runs_already`.
    """
    known = banks.banks_by_key(tx)
    faults = []
    for pointer, code in named.bank_codes:
        bank = known.get(bank_key(code))
        if bank is None:
            word = "creditor_unknown" if pointer.endswith("/creditor_code") else "bank_unknown"
            faults.append(Fault(pointer, word, {"bank_code": code}))
        elif not (bank.is_open or runs_already):
            faults.append(Fault(pointer, "bank_closed", {"name_zh": bank.name_zh, "name_en": bank.name_en}))
        elif pointer.startswith("/accounts/") and not bank.standing.is_bank:
            faults.append(Fault(pointer, "no_cards_of_lenders", {"name_zh": bank.name_zh, "name_en": bank.name_en}))
    files = evidence.lock_of_client(tx, [id_ for _, id_, _ in named.evidence], client_id=client_id)
    faults += [Fault(pointer, "evidence_unknown") for pointer, id_, _ in named.evidence if id_ not in files]
    return faults


def submit(
    tx: HubTransaction,
    application: Application,
    *,
    client_id: str,
    launch_client_id: str | None = None,
    identities: Mapping[str, IdentityLevel] | None = None,
    door: Door | None = None,
    device: str | None = None,
) -> str:
    """The application, a negotiation a bank and their first log entries are in one commit.

    A screening job is with them, unless a file still waits for its verdict, which brings one. The face has checked the
    application, `reference_faults` among it. `launch_client_id` is the host app that sent the person over to the pages,
    where they applied there; `identities` says who stands up for the person, for each bank code that the accounts name,
    None that the client does. `door` is by which way it came, where who acts does not tell, `device` what the
    browser is known by that it was sent from. Gives the application's id; raises `NegotiationAlreadyOpen` with nothing
    written where the person already negotiates with one of the banks, `RenegotiationsExhausted` where a bank takes no
    further one over the card, and `Refused` where somebody helps them and the mobile is not that of an open one.
    """
    known = banks.banks_by_key(tx)
    bank_of = {code: known[bank_key(code)] for code in application.creditor_codes}
    chosen = {bank.code: bank for bank in bank_of.values()}
    levels = _identity_levels(bank_of, identities)
    _refuse_second(tx, application, levels, client_id)
    before = _earlier(tx, application, list(chosen))
    # Of several the newest, which is the last.
    earlier = {each.negotiation.bank_code: each.negotiation.id for each in before}
    files = _files(tx, application.evidence, client_id)
    application_id = new_id()
    indexes = _indexes(tx, application.applicant, client_id)
    [application_reference], numbers = references_of_each(
        tx,
        (APPLICATION_PREFIX, ApplicationRecord.reference, 1),
        (NEGOTIATION_PREFIX, NegotiationRecord.reference, len(chosen)),
    )
    # A proposal may name its bank by the other of two codes.
    named = (*bank_of, *(each.bank_code for each in application.proposals))
    proposals = proposal_of_each_bank(application, {code: known[bank_key(code)].code for code in named})
    new = [
        _new_negotiation(
            tx,
            submission_to(application, code, proposals[code]),
            files,
            {
                "reference": reference,
                "bank_code": code,
                "launch_client_id": launch_client_id,
                "renegotiation_of": earlier.get(code),
                "identity_level": levels[code],
                "identity_rank": levels[code].rank,
                **indexes,
            },
        )
        for code, reference in zip(sorted(chosen), numbers, strict=True)
    ]
    row = {"id": application_id, "reference": application_reference, "submitted_at": tx.now, **indexes}
    _write(tx, application, row, new, files, door or ledger.door_of(tx.actor))
    if device is not None:
        application_traces.note(tx, application_id, TraceSort.DEVICE, device, at=tx.now)
    _screen_soon(tx, screening_jobs.screen_application(application_id), files)
    return application_id


def _write(
    tx: HubTransaction,
    application: Application,
    row: dict[str, Any],
    new: Sequence[tuple[NewNegotiation, NewSalt]],
    files: Sequence[tuple[EvidenceRecord, EvidenceKind]],
    door: Door,
) -> None:
    with tx.together():
        applications.add_application(tx, application, values=row)
        opened = negotiations.add_negotiations(tx, row["id"], [each for each, _ in new])
        content_salts.add(tx, [salt for _, salt in new])
        given_evidence.give(tx, [(each.id, each.bank_code, 1) for each in opened], files)
        ledger.note_given(
            tx,
            [(each, submission_of(tx, each)) for each in opened],
            [(record.id, kind) for record, kind in files],
            door=door,
        )
        notifications.received(tx, row["id"], opened[0])


def _new_negotiation(
    tx: HubTransaction,
    submission: Submission,
    files: Sequence[tuple[EvidenceRecord, EvidenceKind]],
    values: Mapping[str, object],
) -> tuple[NewNegotiation, NewSalt]:
    negotiation_id = new_id()
    owner = Owner(negotiation_id=negotiation_id, bank_code=str(values["bank_code"]))
    sent, salt = commitments.prepared(owner, negotiation_id, commitments.SUBMISSION, to_plain(submission))
    attachments = [sent, *(evidence_attachment(record) for record, _ in files)]
    call_word = str(CallWord.drawn(secrets.randbelow))
    new = NewNegotiation(
        values={"id": negotiation_id, "call_word": call_word, **values},
        submission=submission,
        entry=entry(EntryKind.SUBMITTED, tx.actor, attachments),
    )
    return new, salt


def _identity_levels(
    bank_of: Mapping[str, Bank], identities: Mapping[str, IdentityLevel] | None
) -> dict[str, IdentityLevel]:
    """For each bank by its own code the lowest level of those that its accounts came with."""
    levels: dict[str, IdentityLevel] = {}
    for named, bank in bank_of.items():
        level = IdentityLevel.HOST if identities is None else identities[named]
        levels[bank.code] = min(levels.get(bank.code, level), level, key=lambda each: each.rank)
    return levels


def _indexes(tx: HubTransaction, applicant: Applicant, client_id: str) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "person_index": person_index(tx, applicant.id_type, applicant.id_number),
        "subject_index": tx.keyring.index(applicant.subject, purpose="subject"),
        "mobile_index": tx.keyring.index(applicant.mobile, purpose="mobile"),
    }


def _screen_soon(tx: HubTransaction, job: Job, files: Sequence[tuple[EvidenceRecord, str]]) -> None:
    # A file that waits for its verdict brings what it belongs to with it: the rows of both are held here and there.
    if all(record.status != EvidenceStatus.CHECKING for record, _ in files):
        tx.jobs.enqueue(tx.session, job)


def _refuse_second(
    tx: HubTransaction, application: Application, levels: Mapping[str, IdentityLevel], client_id: str
) -> None:
    applicant = application.applicant
    indexes = person_indexes(tx, applicant.id_type, applicant.id_number)
    open_ones = negotiations.find_open_of_person(tx, indexes)
    for first in open_ones:
        second = levels.get(first.bank_code)
        if second is None or not _blocks(first.identity_level, first.identity_confirmed, second):
            continue
        if first.client_id != client_id:
            raise NegotiationAlreadyOpen(first.bank_code, None)
        raise NegotiationAlreadyOpen(first.bank_code, first.id, first.reference)
    level = max(levels.values(), key=lambda each: each.rank)
    mobiles = tx.keyring.indexes(applicant.mobile, purpose="mobile")
    # The codes that sign go to the mobile: whoever only helps must not make it another while anything is open.
    for first in open_ones:
        if first.mobile_index in mobiles or not _blocks(first.identity_level, first.identity_confirmed, level):
            continue
        if application.representative is not None or _is_helped(tx, first.id):
            raise Refused(Fault("/applicant/mobile", "mobile_stays_while_helped"))


def _blocks(level: str, confirmed: bool | None, second: IdentityLevel) -> bool:
    return blocks(IdentityLevel(level), confirmed=confirmed is True, second=second)


def _is_helped(tx: HubTransaction, negotiation_id: str) -> bool:
    negotiation = negotiations.find_negotiation(tx, negotiation_id)
    return negotiation is not None and submission_of(tx, negotiation).representative is not None


def _earlier(tx: HubTransaction, applied: Application | Submission, bank_codes: Sequence[str]) -> list[Earlier]:
    """The person's agreements over one of the cards before, oldest first; raises `RenegotiationsExhausted`."""
    cards = [*(each.card_number for each in applied.accounts), *(each.key for each in applied.loans)]
    indexes = person_indexes(tx, applied.applicant.id_type, applied.applicant.id_number)
    earlier = renegotiation.earlier_of(tx, indexes, cards, bank_codes)
    for refusal in renegotiation.exhausted(tx, earlier).values():
        raise refusal
    return earlier


def _files(
    tx: HubTransaction, named: Iterable[EvidenceReference], client_id: str
) -> list[tuple[EvidenceRecord, EvidenceKind]]:
    listed = list(named)
    records = evidence.lock_of_client(tx, [each.id for each in listed], client_id=client_id)
    return [(records[each.id], each.kind) for each in listed]


def correction_faults(negotiation: NegotiationRecord, correction: Correction) -> list[Fault]:
    """A fault for each card and loan of another creditor than the negotiation's.

    What others lend beside it is no matter of this negotiation: a correction speaks of its own share.
    """
    faults = [
        Fault(f"/accounts/{index}/bank_code", "bank_not_in_negotiation")
        for index, account in enumerate(correction.accounts)
        if not same_bank(account.bank_code, negotiation.bank_code)
    ]
    for index, loan in enumerate(correction.loans):
        if loan.co_lenders:
            faults.append(Fault(f"/loans/{index}/co_lenders", "own_share_alone"))
        if not same_bank(loan.creditor_code, negotiation.bank_code):
            faults.append(Fault(f"/loans/{index}/creditor_code", "bank_not_in_negotiation"))
    return faults


def correct(tx: HubTransaction, negotiation_id: str, correction: Correction, *, client_id: str) -> NegotiationRecord:
    """The returned negotiation is screened again, with a new version beside the old; raises `StatusConflict`.

    The same correction again, once it is in force, changes nothing. Raises `RenegotiationsExhausted` as `submit` does.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    faults = correction_faults(negotiation, correction)
    if faults:
        raise Refused(*faults)
    files = _files(tx, correction.evidence, client_id)
    before = submission_of(tx, negotiation)
    submission = corrected(before, correction)
    given = [(record.id, each.kind) for each, record in given_evidence.list_of_version(tx, negotiation)]
    if negotiation.version > 1 and submission == before and sorted(given) == sorted(_named(correction)):
        return negotiation
    lacking = ledger.later_faults(tx, negotiation, correction.evidence, correction.consents)
    if lacking:
        raise Refused(*lacking)
    attachments = [
        commitments.committed(
            tx, commitments.owner_of(negotiation), negotiation.id, commitments.SUBMISSION, to_plain(submission)
        ),
        *(evidence_attachment(record) for record, _ in files),
    ]
    logged = entry(EntryKind.CORRECTED, tx.actor, attachments, version=negotiation.version + 1)
    negotiation_log.apply_event(tx, negotiation, Event.CORRECTED, logged)
    earlier = _earlier(tx, submission, [negotiation.bank_code])
    negotiation.renegotiation_of = earlier[-1].negotiation.id if earlier else None
    negotiation.faults = None
    negotiation.correct_by = None
    negotiations.add_version(tx, negotiation, submission)
    given_evidence.give(tx, [(negotiation.id, negotiation.bank_code, negotiation.version)], files)
    ledger.require_noted(tx, negotiation)
    ledger.note_later(tx, negotiation, [(record.id, kind) for record, kind in files], correction.consents)
    job = screening_jobs.screen_negotiation(negotiation.id, why=f"version:{negotiation.version}")
    _screen_soon(tx, job, files)
    return negotiation


def _named(correction: Correction) -> list[tuple[str, str]]:
    return [(each.id, each.kind) for each in correction.evidence]


def owed_by_named_bank(accounts: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """What is owed to each bank as the accounts name it, card-centre codes counted with the bank's first-named one."""
    first: dict[str, str] = {}
    owed: Counter[str] = Counter()
    for code, amount in accounts:
        owed[first.setdefault(bank_key(code), code)] += amount
    return owed
