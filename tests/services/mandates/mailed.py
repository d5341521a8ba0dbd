"""Mandates of one person, with everything that they are mailed of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hub.domain.actor import HUB
from hub.domain.deduction import Deduction
from hub.domain.mandate import RevocationRefusal, RevocationRefused
from hub.services.accounts.subjects import Subject
from hub.services.mandates import answering, deductions, mandates, revoking, telling
from hub.wiring import Hub
from storage import banks as bank_rows
from storage import mandates as rows
from storage.records import NegotiationRecord
from tests.applications import ICBC
from tests.services.mandates.revoked import HOLDER, MANDATE
from tests.services.posting import Posting


def mail_of_mandates(hub: Hub, posting: Posting, subject: Subject, email: str) -> None:
    """From 2027-01-04 on: one that is deducted by, and three whose revocations are taken, refused and left lying."""
    with hub.writing(HUB) as tx:
        known = tx.bank(ICBC).rules.services
        bank_rows.set_settings(tx, ICBC, {"services": ",".join(sorted({*known, "mandates"}))})
        contents = replace(MANDATE, payee_code=ICBC, account_bank=ICBC, email=email, next_on=date(2027, 1, 8))
        kept = mandates.add(tx, subject, contents)
        revocations = []
        for last4 in ("4402", "4403", "4404"):
            mandate = mandates.add(tx, subject, replace(contents, account_last4=last4, next_on=None))
            code = revoking.send_code(tx, subject, mandate.id).code
            revoking.revoke(tx, subject, mandate.id, name=HOLDER, code=code)
            revocations.append(mandate.revocation_id or "")
        telling.deduction_noted(tx, kept, rows.contents_of(tx, kept), "0" * 32)
    posting.at("2027-01-05 09:30")
    with hub.writing(HUB) as tx:
        answering.confirm(tx, revocations[0], bank_code=ICBC)
        refusal = RevocationRefused(reason=RevocationRefusal.NOT_OURS)
        answering.refuse(tx, revocations[1], refusal, bank_code=ICBC)
    for day in range(6, 13):
        posting.at(f"2027-01-{day:02d} 09:30")


def deduct_during_hold(hub: Hub, negotiation_id: str) -> None:
    """The bank whose agreement is in force took more than its row."""
    with hub.writing(HUB) as tx:
        about = tx.session.get_one(NegotiationRecord, negotiation_id)
        assert about.subject_index is not None
        person = Subject(indexes=(about.subject_index,), client_id=about.client_id)
        taken = Deduction(at=tx.now, amount_fen=10**9, account_last4="4401", creditor_code=about.bank_code)
        deductions.report(tx, person, taken)
