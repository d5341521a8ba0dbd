"""A person's mandates as their pages show them: with the names of payees and banks, and the next deduction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hub.documents.mandate_papers import RevocationNotice
from hub.domain.china import china_day
from hub.domain.mandate import ACTIVE, MandateContents, MandateStatus, revoke_by
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.mandates import mandates, papers, revoking
from hub.services.reading.cardholder.bills import bank_names
from hub.services.transaction import HubTransaction
from storage import mandates as rows
from storage import request_clocks, service_requests
from storage.mandates import EarlierVersion
from storage.records import MandateRecord, ServiceRequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMandate:
    """One mandate of the signed-in person. `revoke_by`: the last working day before `next_run_on`."""

    id: str
    status: MandateStatus
    version: int
    contents: MandateContents
    payee: str
    bank: str
    next_run_on: date | None
    revoke_by: date | None
    earlier: Sequence[EarlierVersion] = ()

    @property
    def is_active(self) -> bool:
        """Whether something may still be deducted by it."""
        return self.status in ACTIVE

    @property
    def may_change(self) -> bool:
        """Whether the person can mend what it says."""
        return self.status in (MandateStatus.RECORDED, MandateStatus.REVOCATION_REFUSED)

    @property
    def may_revoke(self) -> bool:
        """Whether its revocation can be sent."""
        return self.status is MandateStatus.RECORDED

    @property
    def was_revoked(self) -> bool:
        """Whether its revocation was sent, whatever came of it."""
        return self.status not in (MandateStatus.RECORDED, MandateStatus.ENDED)

    @property
    def may_remove(self) -> bool:
        """Whether the person can take it out of the register."""
        return self.status in (MandateStatus.RECORDED, MandateStatus.ENDED)


def list_own(tx: HubTransaction, cardholder: Cardholder, *, language: str) -> list[OwnMandate]:
    """The person's mandates: those by which may be deducted first, the newest of each first."""
    records = mandates.list_for(tx, subjects.of_cardholder(tx, cardholder))
    found = _shown(tx, records, language=language)
    return sorted(found, key=lambda each: not each.is_active)


def get_own(tx: HubTransaction, cardholder: Cardholder, mandate_id: str, *, language: str) -> OwnMandate:
    """The person's mandate with its earlier versions; raises `NotFound`."""
    record = mandates.get_own(tx, subjects.of_cardholder(tx, cardholder), mandate_id)
    return _shown(tx, [record], language=language)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReceiver:
    """A receiver of the revocation as its person sees it. Without `is_here` a letter goes to it.

    `complain_at` is its own complaint channel in its words; `is_local` says that 地方金融管理局 watches over it.
    """

    name: str
    is_here: bool
    status: str = ""
    delivered_at: datetime | None = None
    due_at: datetime | None = None
    is_late: bool = False
    reason_code: str | None = None
    text: str = ""
    complain_at: str = ""
    is_local: bool = False


def receivers(tx: HubTransaction, mandate: OwnMandate, *, language: str) -> list[OwnReceiver]:
    """Who is told of its revocation: those that were, with what they said, and those that would be."""
    record = rows.find(tx, mandate.id)
    requests = [] if record is None else revoking.requests_of(tx, record)
    names = bank_names(tx, [*mandate.contents.receivers, *(each.bank_code for each in requests)], language=language)
    asked = {each.bank_code for each in requests}
    to = revoking.receivers_of(tx, mandate.contents)
    found = [_told(tx, each, names[each.bank_code]) for each in requests]
    if mandate.contents.payee_name is not None:
        found.append(OwnReceiver(name=mandate.contents.payee_name, is_here=False))
    was_sent = mandate.status not in (MandateStatus.RECORDED, MandateStatus.ENDED)
    found += [
        OwnReceiver(name=names[code], is_here=code in to.here and not was_sent)
        for code in mandate.contents.receivers
        if code not in asked
    ]
    return found


def _told(tx: HubTransaction, request: ServiceRequestRecord, name: str) -> OwnReceiver:
    answer = service_requests.contents_of(tx, request).get("answer") or {}
    bank = tx.bank(request.bank_code)
    return OwnReceiver(
        name=name,
        is_here=True,
        status=request.status,
        delivered_at=request.reached_bank_at,
        due_at=request_clocks.running_until(request),
        is_late=request.breach_noted_at is not None and request.answered_at is None,
        reason_code=answer.get("reason_code"),
        text=answer.get("text") or "",
        complain_at=bank.rules.complaint_channel,
        is_local=bank.standing.is_supervised_locally,
    )


def notice_of(tx: HubTransaction, cardholder: Cardholder, mandate_id: str) -> RevocationNotice:
    """The notice of the mandate's newest revocation, ready to print; raises `NotFound`."""
    subject = subjects.of_cardholder(tx, cardholder)
    codes = rows.contents_of(tx, mandates.get_own(tx, subject, mandate_id)).receivers
    return papers.notice_of(tx, subject, mandate_id, bank_names(tx, codes, language="zh"))


def _shown(tx: HubTransaction, records: Sequence[MandateRecord], *, language: str) -> list[OwnMandate]:
    contents = [rows.contents_of(tx, each) for each in records]
    codes = [code for each in contents for code in each.receivers]
    names = bank_names(tx, codes, language=language)
    return [_one(tx, record, what, names) for record, what in zip(records, contents, strict=True)]


def _one(tx: HubTransaction, record: MandateRecord, contents: MandateContents, names: dict[str, str]) -> OwnMandate:
    run = contents.next_run(china_day(tx.now)) if record.status in ACTIVE else None
    return OwnMandate(
        id=record.id,
        status=MandateStatus(record.status),
        version=record.version,
        contents=contents,
        payee=contents.payee_name or names[contents.payee_code or contents.account_bank],
        bank=names[contents.account_bank],
        next_run_on=run,
        revoke_by=None if run is None else revoke_by(run, tx.calendar()),
        earlier=tuple(rows.earlier_of(tx, record)),
    )
