"""One bank with something of every kind that an address of a page can name."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.domain.deduction import Deduction
from hub.domain.doubts import Doubt, DoubtKind
from hub.services.accounts import subjects
from hub.services.agreements import collection
from hub.services.mandates import deductions
from hub.services.negotiations import credit_notes, further_accounts
from storage import doubts, negotiation_locks
from storage.records import (
    AssignmentRecord,
    BankChangeRecord,
    ClockRecord,
    DeskTemplateRecord,
    ExportRecord,
    PasskeyRecord,
    StaffRecord,
)
from tests.services.agreements.amending import Amending
from tests.services.appointments.meeting import booked
from tests.services.case import FURTHER, Case
from tests.services.instalments import asked_about_instalments
from tests.services.mandates.revoked import CLIENT, MANDATE, Revoked, switch_on


def things_of(case: Case) -> dict[str, str]:
    """The id of one thing of every kind, by the name of the argument that names it; all are of the case's bank."""
    hub, at = case.hub, case.clock.at
    with hub.writing(case.REVIEWER) as tx:
        account_id = further_accounts.propose(tx, case.id, FURTHER, bank_code=case.bank_code).id
    offer_id = case.offer()
    case.accept(offer_id)
    case.work_off()
    said = CollectionReport(at=at, channel=CollectionChannel.PHONE, caller="甲", text="又来电话")
    asked = CreditNote(kind=CreditNoteKind.SETTLED, text="请核对")
    with hub.writing(case.cardholder) as tx:
        report_id = collection.report(tx, case.id, said, client_id=case.client_id).id
        note_id = credit_notes.ask(tx, case.id, asked, client_id=case.client_id).id
    amendment_id = Amending(case=case).ask_day()
    code = case.bank_code
    request_id = asked_about_instalments(hub, case.bank_code)
    with hub.writing(HUB) as tx:
        doubt_id = doubts.add(tx, negotiation_locks.lock(tx, case.id), Doubt(kind=DoubtKind.MOBILE_CHANGED)).id
        staff_id = tx.session.scalars(sa.select(StaffRecord.id).where(StaffRecord.bank_code == code)).first()
        clock_id = tx.session.scalars(sa.select(ClockRecord.id).where(ClockRecord.bank_code == code)).first()
        assert staff_id is not None
        assert clock_id is not None
        tx.session.add_all(
            [
                AssignmentRecord(id="a" * 32, bank_code=code, staff_id=staff_id, way="one", rows=[], at=at),
                BankChangeRecord(id="b" * 32, bank_code=code, status="asked", words={}, asked_by=staff_id, asked_at=at),
                DeskTemplateRecord(
                    id="c" * 32,
                    bank_code=code,
                    sort="reply",
                    template_id="d" * 32,
                    version=1,
                    body={"name": "甲", "text": "您好"},
                    changed_by=f"staff/{staff_id}",
                    changed_at=at,
                ),
                ExportRecord(
                    id="e" * 32,
                    bank_code=code,
                    kind="negotiations",
                    format="csv",
                    in_full=False,
                    order_sealed=b"",
                    status="ordered",
                    asked_by=f"staff:{staff_id}",
                    asked_at=at,
                    tries=0,
                    rows_done=0,
                    expires_at=at + timedelta(days=1),
                ),
                PasskeyRecord(
                    id="f" * 32,
                    staff_id=staff_id,
                    credential_id=b"one",
                    public_key=b"key",
                    sign_count=0,
                    name="钥匙",
                    added_at=at,
                ),
            ]
        )
    revoked = Revoked(hub, case.work_off)
    switch_on(hub, code)
    revoked.record(replace(MANDATE, payee_code=code)).revoke()
    with hub.writing(HUB) as tx:
        person = subjects.of_client(tx, CLIENT, "person-1")
        taken = Deduction(at=at, amount_fen=1, account_last4="4401", creditor_code=code)
        deduction_id = deductions.report(tx, person, taken).id
    return {
        "appointment_id": booked(hub, person, code),
        "mandate_id": revoked.revocation_id,
        "deduction_id": deduction_id,
        "request_id": request_id,
        "matter_id": request_id,
        "quote_id": "0" * 31 + "1",
        "account_id": account_id,
        "amendment_id": amendment_id,
        "application_id": case.sent.id,
        "assignment_id": "a" * 32,
        "change_id": "b" * 32,
        "clock_id": clock_id,
        "doubt_id": doubt_id,
        "evidence_id": case.sent.evidence[0],
        "export_id": "e" * 32,
        "negotiation_id": case.id,
        "note_id": note_id,
        "number": "1",
        "offer_id": offer_id,
        "passkey_id": "f" * 32,
        "purpose": "sensitive_data",
        "report_id": report_id,
        "staff_id": staff_id,
        "template_id": "d" * 32,
    }
