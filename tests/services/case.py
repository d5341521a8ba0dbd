"""One negotiation and what each side does with it, each deed in a transaction of its own as a face would have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.agreement_end import AgreementEnd, EndReason
from hub.domain.application import Consent, EvidenceReference
from hub.domain.china import CHINA, china_day
from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.clock import FixedClock
from hub.domain.correspondence import CardholderMessage
from hub.domain.errors import WrongConfirmationCode
from hub.domain.evidence import MEDICAL_KINDS, CleanCopy, EvidenceKind, MediaType
from hub.domain.offer import BankOffer
from hub.domain.payments import MissedWithdrawal, Payment
from hub.domain.plain import Plain
from hub.domain.proposed_account import ProposedAccount
from hub.domain.review import DecisionDeferral, EvidenceRequest, Rejection, RejectionReason
from hub.domain.staff import Role
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.agreements import acceptance, agreement_ends, confirmation_codes, payments
from hub.services.applications import screening
from hub.services.evidence import evidence_files, judging
from hub.services.evidence.evidence_files import Upload
from hub.services.negotiations import (
    approvals,
    claim_transfers,
    correspondence,
    counter_offers,
    further_accounts,
    offering,
    review,
    withdrawal,
)
from hub.services.operating import sweeps
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import communications, negotiation_locks
from storage.communications import Entry
from storage.records import MailRecord, NegotiationRecord, Record
from tests import applications
from tests.conftest import Submitted
from tests.jobs.working_off import taken_for_clean


def medical_consent(at: datetime) -> tuple[Consent, ...]:
    """What is agreed to with the first medical papers."""
    return (Consent(purpose="medical_data", version="2026-11", given_at=at),)


AS_IT_IS = CleanCopy(media_type=MediaType.PDF, content=b"")
"""Stands for a copy of what was sent as it was sent."""
OFFER = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=1_850_000,
    first_due_on=date(2026, 12, 20),
    waived=Waived(interest_fen=46_200, penalty_fen=12_000),
    instalments=36,
    annual_rate_percent=Decimal("3.60"),
    method=Method.EQUAL_INSTALMENT,
)
LARGE_OFFER = replace(OFFER, principal_fen=5_000_001, instalments=60)
FURTHER = ProposedAccount(
    card_first6="622210",
    card_last4="8003",
    principal_fen=420_000,
    interest_fen=8_600,
    fees_fen=0,
    penalty_fen=300,
    text="您在我行还有这张卡。",
)


def china(text: str) -> datetime:
    """The instant that is `YYYY-MM-DD HH:MM` in China."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA).astimezone(UTC)


@dataclass(kw_only=True)
class Case:
    """A negotiation with one bank. `work_off` runs all waiting jobs."""

    hub: Hub
    clock: FixedClock
    work_off: Callable[[], int]
    sent: Submitted
    bank_code: str

    REVIEWER: ClassVar[Actor] = Actor(party=Party.BANK, id="staff/reviewer", channel=Channel.PORTAL)
    SUPERVISOR: ClassVar[Actor] = Actor(party=Party.BANK, id="staff/supervisor", channel=Channel.PORTAL)
    ADAPTER: ClassVar[Actor] = Actor(
        party=Party.BANK, id="adapter/simulated", channel=Channel.ADAPTER, decides_alone=True
    )

    @property
    def id(self) -> str:
        return self.sent.negotiations[self.bank_code]

    @property
    def client_id(self) -> str:
        return self.sent.client.id

    @property
    def cardholder(self) -> Actor:
        return Actor(party=Party.CARDHOLDER, id=f"client/{self.client_id}", channel=Channel.API)

    # What is there.

    @contextmanager
    def row(self) -> Iterator[tuple[HubTransaction, NegotiationRecord]]:
        """A look at the negotiation's row."""
        with self.hub.reading(HUB) as tx:
            yield tx, tx.session.get_one(NegotiationRecord, self.id)

    @property
    def reference(self) -> str:
        with self.row() as (_, row):
            return row.reference

    @property
    def status(self) -> str:
        with self.row() as (_, row):
            return row.status

    def view(self, party: Party = Party.CARDHOLDER) -> Any:
        with self.hub.reading(self.cardholder if party == Party.CARDHOLDER else self.REVIEWER) as tx:
            return views.negotiation_view(tx, tx.session.get_one(NegotiationRecord, self.id))

    @property
    def due(self) -> str | None:
        """The running clock's due time in China, or None."""
        running = self.view()["clock"]
        return None if running is None else str(running["due_at"])[:16].replace("T", " ")

    def log(self) -> list[Entry]:
        with self.hub.reading(HUB) as tx:
            return communications.list_entries(tx, self.id)

    def kinds(self) -> list[str]:
        return [entry.header.kind for entry in self.log()]

    # What the hub does.

    def at(self, text: str) -> None:
        """It is that time in China, and what was due until then has happened."""
        self.clock.at = china(text)
        self.sweep()

    def sweep(self) -> int:
        done = sweeps.run_due(self.hub)
        self.work_off()
        return done

    def screen(self) -> None:
        screening.after_verdict(self.hub, lambda _: applications.pdf(), self.hub.store, self.sent.id)

    def judge(self, evidence_id: str, finding: str | CleanCopy | None = AS_IT_IS) -> None:
        """The file has its verdict: a reason against it or its copy, None for want of one; nothing else happened."""
        inspect = taken_for_clean if finding is AS_IT_IS else lambda *_: finding
        judging.judge(self.hub, self.hub.store, inspect, [evidence_id])

    # What the cardholder does.

    def upload(
        self,
        kind: EvidenceKind = EvidenceKind.BANK_STATEMENT,
        name: str = "流水.pdf",
        content: bytes = applications.pdf(),
    ) -> EvidenceReference:
        """A file that waits for its verdict."""
        upload = Upload(
            client_id=self.client_id,
            subject=None,
            kind=kind,
            file_name=name,
            declared_type=None,
            length=len(content),
        )
        left = [content, b""]
        stored = evidence_files.receive(self.hub.store, upload, lambda _: left.pop(0) if left else b"")
        with self.hub.writing(self.cardholder) as tx:
            evidence_files.keep(tx, stored)
        return EvidenceReference(id=stored.file.id, kind=kind)

    def write(self, text: str, *files: EvidenceReference, answers: bool = False) -> Entry:
        with self.hub.writing(self.cardholder) as tx:
            consents = medical_consent(tx.now) if any(each.kind in MEDICAL_KINDS for each in files) else ()
            message = CardholderMessage(text=text, evidence=files, answers=answers, consents=consents)
            return correspondence.write_to_bank(tx, self.id, message, client_id=self.client_id)

    def counter(self, terms: Terms = OFFER) -> str:
        with self.hub.writing(self.cardholder) as tx:
            return counter_offers.counter(tx, self.id, terms, client_id=self.client_id).id

    def decline(self, offer_id: str) -> None:
        with self.hub.writing(self.cardholder) as tx:
            offering.decline(tx, self.id, offer_id, "还不了这么多", client_id=self.client_id)

    def send_code(self, offer_id: str) -> str:
        """The six digits that came to the mobile."""
        with self.hub.writing(self.cardholder) as tx:
            return confirmation_codes.send(tx, self.id, offer_id, client_id=self.client_id).code

    def try_code(self, offer_id: str, code: str) -> WrongConfirmationCode | None:
        with self.hub.writing(self.cardholder) as tx:
            return acceptance.accept(tx, self.id, offer_id, code, client_id=self.client_id)

    def accept(self, offer_id: str) -> None:
        assert self.try_code(offer_id, self.send_code(offer_id)) is None

    def withdraw(self) -> None:
        with self.hub.writing(self.cardholder) as tx:
            withdrawal.withdraw(tx, self.id, "不需要了", client_id=self.client_id)

    # What the bank does.

    def acknowledge(self) -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            review.acknowledge(tx, self.id, bank_code=self.bank_code)

    def defer(self, decision_by: date = date(2026, 12, 4), text: str = "已登记，正在核对账户") -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            deferral = DecisionDeferral(decision_by=decision_by, text=text)
            review.defer_decision(tx, self.id, deferral, bank_code=self.bank_code)

    def ask(self, text: str = "请补充工资流水", kinds: Sequence[EvidenceKind] = (EvidenceKind.BANK_STATEMENT,)) -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            review.request_evidence(
                tx, self.id, EvidenceRequest(kinds=tuple(kinds), text=text), bank_code=self.bank_code
            )

    def offer(self, terms: Terms = OFFER, *, by: Actor | None = None, **proposed: Any) -> str:
        with self.hub.writing(by or self.REVIEWER) as tx:
            if terms.principal_fen > OFFER.principal_fen and "balances" not in proposed:
                # More than was declared can be offered on only where the bank's own figures say that it is owed.
                row = tx.session.get_one(NegotiationRecord, self.id)
                first, *others = further_accounts.declared_balances(tx, row)
                figures = (replace(first, principal_fen=terms.principal_fen), *others)
                # What was declared long ago is no figure of the bank's any more.
                proposed["balances"] = tuple(replace(each, as_of=china_day(tx.now)) for each in figures)
            made = BankOffer(terms=terms, **proposed)
            return offering.make_offer(tx, self.id, made, bank_code=self.bank_code).id

    def approve(self, offer_id: str, *, by: Actor | None = None, role: Role = Role.SUPERVISOR) -> None:
        with self.hub.writing(by or self.SUPERVISOR) as tx:
            approvals.approve(tx, self.id, offer_id, role=role, bank_code=self.bank_code)

    def send_back(self, offer_id: str, *, by: Actor | None = None, role: Role = Role.SUPERVISOR) -> None:
        with self.hub.writing(by or self.SUPERVISOR) as tx:
            approvals.send_back(tx, self.id, offer_id, "请再看利率", role=role, bank_code=self.bank_code)

    def reject(self, reason: RejectionReason = RejectionReason.CAN_AFFORD, text: str = "收入足够") -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            review.reject(tx, self.id, Rejection(reason_code=reason, text=text), bank_code=self.bank_code)

    def transfer(self, name: str = "某某资产管理有限公司", text: str = "请向新的债权人还款。") -> None:
        to = ClaimTransfer(name=name, contact="4000000000", transferred_on=china_day(self.clock.at), text=text)
        with self.hub.writing(self.REVIEWER) as tx:
            claim_transfers.transfer(tx, self.id, to, bank_code=self.bank_code)

    def pay(self, number: int = 1, amount_fen: int = 54_000, paid_on: date | None = None) -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            payment = Payment(number=number, paid_on=paid_on or china_day(self.clock.at), amount_fen=amount_fen)
            payments.record_payment(tx, self.id, payment, bank_code=self.bank_code)

    def miss(self, number: int = 1) -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            payments.record_missed(tx, self.id, number=number, bank_code=self.bank_code)

    def take_back(self, number: int = 1, text: str = "登记错了。") -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            payments.withdraw_missed(tx, self.id, MissedWithdrawal(number=number, text=text), bank_code=self.bank_code)

    def end(self, reason: EndReason, text: str = "您好", *, waive_rest: bool = False) -> None:
        with self.hub.writing(self.REVIEWER) as tx:
            ending = AgreementEnd(reason=reason, text=text, waive_rest=waive_rest)
            agreement_ends.end_agreement(tx, self.id, ending, bank_code=self.bank_code)

    def rows(self) -> list[tuple[str, int]]:
        """Status and paid amount of every row of the agreement."""
        return [(row["status"], row["paid_fen"]) for row in self.view()["agreement"]["payments"]]

    def mails(self, kind: str) -> list[MailRecord]:
        """The mails of that kind in the outbox."""
        with self.hub.reading(HUB) as tx:
            asked = sa.select(MailRecord).where(MailRecord.negotiation_id == self.id, MailRecord.kind == kind)
            return list(tx.session.scalars(asked.order_by(MailRecord.key)))

    def offer_of(self, offer_id: str, party: Party = Party.CARDHOLDER) -> Plain:
        """The offer as that side sees it."""
        [shown] = [each for each in self.view(party)["offers"] if each["id"] == offer_id]
        found: Plain = shown
        return found


def everything_stored(hub: Hub) -> dict[str, list[Any]]:
    """Every row of the hub's tables, and how many jobs wait."""
    with hub.reading(HUB) as tx:
        rows = {
            table.name: sorted(map(repr, tx.session.execute(sa.select(table))))
            for table in Record.metadata.sorted_tables
        }
    return {**rows, "jobs": sorted(hub.jobs.count_waiting().items())}


def record_of(tx: HubTransaction, case: Case) -> NegotiationRecord:
    """The negotiation's row, held."""
    return negotiation_locks.lock(tx, case.id)
