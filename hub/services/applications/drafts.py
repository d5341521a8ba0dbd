"""Applications while they are being written: kept on the server for thirty days, submitted once, swept when left alone.

A draft is one person's, however they signed in; what is in it is spelt as the API spells it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from hub.domain.actor import HUB
from hub.domain.application import Application
from hub.domain.errors import EvidenceAttached, NotFound, Refused
from hub.domain.identity import IdentityQuestion
from hub.domain.plain import Plain, to_plain
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder, may_see
from hub.services.applications import identity, intake
from hub.services.evidence import evidence_files
from hub.services.transaction import HubTransaction, Transactions
from storage import applications, drafts, negotiations
from storage.drafts import FORM_CLIENT
from storage.evidence_store import EvidenceStore
from storage.records import ApplicationRecord, DraftRecord
from storage.submissions import submission_of

DRAFT_LIFE = timedelta(days=30)
KNOWN_CARDS = "known_cards"
"""Cards of an earlier application that the person can choose without typing their numbers."""
_SWEEP_BATCH = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person has filled in so far; an empty one stands for none."""

    data: Plain
    expires_at: datetime | None = None

    @property
    def is_begun(self) -> bool:
        """Whether anything was kept yet."""
        return bool(self.data)


def _find(tx: HubTransaction, cardholder: Cardholder, *, lock: bool = False) -> DraftRecord | None:
    # What was typed in one host app is not shown through another, whoever that one says the person is.
    return drafts.find_draft(tx, cardholder.owner_indexes, client_id=cardholder.client_id, lock=lock)


def _body(tx: HubTransaction, record: DraftRecord) -> Plain:
    body: Plain = drafts.body_of(tx, record)
    return body


def find(tx: HubTransaction, cardholder: Cardholder, *, lock: bool = False) -> Draft:
    """The person's draft, or an empty one where there is none any more; with `lock` nobody changes it meanwhile."""
    record = _find(tx, cardholder, lock=lock)
    if record is None or record.expires_at <= tx.now:
        return Draft(data={})
    return Draft(data=_body(tx, record), expires_at=record.expires_at)


def change(tx: HubTransaction, cardholder: Cardholder, edit: Callable[[Plain], T]) -> T:
    """What `edit` made of the draft's data is kept for thirty days from now; gives what `edit` gives.

    One that is not there, or whose time is over, is begun anew.
    """
    expires_at = tx.now + DRAFT_LIFE
    record = _find(tx, cardholder, lock=True)
    if record is None:
        client_id = cardholder.client_id or FORM_CLIENT
        record = drafts.add_draft(tx, cardholder.owner_indexes[0], client_id=client_id, expires_at=expires_at)
        # Another of the person's windows has begun it in this moment.
        record = record or _find(tx, cardholder, lock=True)
        if record is None:
            raise NotFound
    data = _body(tx, record) if record.expires_at > tx.now else {}
    given = edit(data)
    drafts.save_body(tx, record, data, expires_at=expires_at)
    return given


def begin_again(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> None:
    """The person's draft holds what the hub knows of them from that negotiation, where nothing is filled in yet.

    That is who they are, why, their month, and how to reach them; its cards are offered to be chosen. What is owed,
    papers, the plan and consents are of another day and asked for anew. Raises `NotFound`.
    """
    submission = submission_of(tx, cardholders.get_for(tx, cardholder, negotiation_id))
    applicant: Plain = to_plain(submission.applicant)
    known = {
        "applicant": _said({name: applicant[name] for name in ("name", "id_type", "id_number", "email")}),
        "hardship": _said(to_plain(submission.hardship)),
        "finances": _said(to_plain(submission.finances)),
        "support_needs": to_plain(submission.support_needs),
        "contact": {} if submission.contact is None else _said(to_plain(submission.contact)),
        KNOWN_CARDS: [{"bank_code": each.bank_code, "card_number": each.card_number} for each in submission.accounts],
    }

    def fill(data: Plain) -> None:
        for name, value in known.items():
            if value:
                data.setdefault(name, value)

    change(tx, cardholder, fill)


def _said(part: Plain) -> Plain:
    """Without what nobody said, which the schema would take for a wrong answer."""
    return {name: value for name, value in part.items() if value not in (None, "", [])}


def owner_of_files(tx: HubTransaction) -> str:
    """The id of the client that files of drafts belong to; it is there afterwards."""
    return drafts.ensure_form_client(tx)


def submit(
    tx: HubTransaction,
    cardholder: Cardholder,
    application: Application,
    *,
    verified: frozenset[IdentityQuestion],
    device: str | None = None,
) -> str:
    """The application is submitted and its draft gone, in one commit; gives its id.

    `verified` are the questions that a checker of identities answered with yes, `device` is what the
    browser is known by. Raises `NegotiationAlreadyOpen` with
    nothing changed, and `Refused` for an application with another mobile than the person's.
    """
    faults = cardholder.mobile_faults(application.applicant.mobile)
    if faults:
        raise Refused(*faults)
    application_id = intake.submit(
        tx,
        application,
        client_id=drafts.ensure_form_client(tx),
        launch_client_id=cardholder.client_id,
        identities=identity.levels_by_bank(application, verified, vouched=cardholder.client_id is not None),
        device=device,
    )
    record = _find(tx, cardholder, lock=True)
    if record is not None:
        drafts.remove_draft(tx, record)
    return application_id


def last_sent(tx: HubTransaction, cardholder: Cardholder, *, since: datetime) -> str | None:
    """The id of the newest application that the person sent from these pages after that instant, or None."""
    sent = (each for each in cardholders.list_for(tx, cardholder) if each.client_id == FORM_CLIENT)
    newest = next(sent, None)
    if newest is None:
        return None
    application = applications.get_application(tx, newest.application_id, client_id=FORM_CLIENT)
    return application.id if application.submitted_at > since else None


def application_of(tx: HubTransaction, cardholder: Cardholder, application_id: str) -> ApplicationRecord:
    """The application that the person sent from these pages; raises `NotFound`."""
    application = applications.get_application(tx, application_id, client_id=FORM_CLIENT)
    if not all(may_see(cardholder, each) for each in negotiations.list_of_application(tx, application_id)):
        raise NotFound
    return application


def forget_old(transactions: Transactions, store: EvidenceStore) -> int:
    """Drafts whose time is over are gone, with the files that were uploaded for them; gives how many."""
    names: list[str] = []
    with transactions.writing(HUB) as tx:
        expired = drafts.list_expired(tx, tx.now, _SWEEP_BATCH)
        for record in expired:
            for each in _body(tx, record).get("evidence", []):
                names += take_back(tx, each["id"])
            drafts.remove_draft(tx, record)
    evidence_files.delete_bytes(store, names)
    return len(expired)


def take_back(tx: HubTransaction, evidence_id: str) -> list[str]:
    """The names of the removed file's bytes; none for one that is gone or was sent with an application after all."""
    try:
        return evidence_files.remove(tx, evidence_id, client_id=FORM_CLIENT)
    except (NotFound, EvidenceAttached):
        return []


__all__ = [
    "DRAFT_LIFE",
    "FORM_CLIENT",
    "KNOWN_CARDS",
    "Draft",
    "application_of",
    "change",
    "find",
    "forget_old",
    "last_sent",
    "owner_of_files",
    "submit",
    "take_back",
]
