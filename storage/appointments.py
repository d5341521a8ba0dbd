"""Appointments: finding and writing them. Their status is that of their request, and not written here."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.domain.appointment_contents import AppointmentContents
from hub.domain.plain import from_plain, to_plain
from hub.domain.visit import VisitReport
from storage.records import AppointmentRecord, RequestEntryRecord, ServiceRequestRecord, SlotRecord
from storage.sealed_json import open_json, seal_json
from storage.slots import give_back
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE = "appointment"
_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppointment:
    """An appointment that shall be kept, of a person and with a part of a slot."""

    id: str
    owner_index: bytes
    client_id: str
    negotiation_id: str | None
    kind: str
    purpose: str
    contents: AppointmentContents
    expires_at: datetime


def add(tx: Transaction, new: NewAppointment, slot: SlotRecord) -> AppointmentRecord:
    """The appointment is kept, at the time of the slot, of which it has a part."""
    record = AppointmentRecord(
        id=new.id,
        bank_code=slot.bank_code,
        negotiation_id=new.negotiation_id,
        slot_id=slot.id,
        kind=new.kind,
        purpose=new.purpose,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        holds_slot=True,
        contents_sealed=_sealed_contents(tx, new.id, new.contents),
        pass_code_tries=0,
        owner_index=new.owner_index,
        client_id=new.client_id,
        changed_at=tx.now,
        expires_at=new.expires_at,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def get(tx: Transaction, appointment_id: str) -> AppointmentRecord:
    """The appointment of that id, which there must be; its request must be locked where it is changed."""
    return tx.session.get_one(AppointmentRecord, appointment_id, populate_existing=True)


def find(tx: Transaction, appointment_id: str) -> AppointmentRecord | None:
    """The appointment of that id."""
    return tx.session.get(AppointmentRecord, appointment_id)


def set_time(tx: Transaction, record: AppointmentRecord, slot: SlotRecord) -> None:
    """The appointment is at the time of that slot and has a part of it."""
    record.slot_id, record.starts_at, record.ends_at = slot.id, slot.starts_at, slot.ends_at
    record.changed_at = tx.now
    tx.session.flush()


def contents_of(tx: Transaction, record: AppointmentRecord) -> AppointmentContents:
    """What the appointment says."""
    plain = open_json(tx, record.contents_sealed, table=_TABLE, column="contents", row=record.id)
    return from_plain(AppointmentContents, plain)


def save_contents(tx: Transaction, record: AppointmentRecord, contents: AppointmentContents) -> None:
    """`contents` take the place of what the appointment said."""
    record.contents_sealed = _sealed_contents(tx, record.id, contents)
    record.changed_at = tx.now


def _sealed_contents(tx: Transaction, row: str, contents: AppointmentContents) -> bytes:
    return seal_json(tx, to_plain(contents), table=_TABLE, column="contents", row=row)


def draw_pass_code(tx: Transaction, record: AppointmentRecord) -> None:
    """There is a fresh pass code, and nobody has tried one."""
    code = f"{secrets.randbelow(10**6):06d}"
    record.pass_code_sealed = tx.keyring.seal(code, table=_TABLE, column="pass_code", row=record.id)
    record.pass_code_tries = 0


def pass_code_of(tx: Transaction, record: AppointmentRecord) -> str | None:
    """The pass code; None before there is one."""
    if record.pass_code_sealed is None:
        return None
    return tx.keyring.open_text(record.pass_code_sealed, table=_TABLE, column="pass_code", row=record.id)


def keep_address(tx: Transaction, record: AppointmentRecord, address: str, *, until: datetime) -> str:
    """The address is kept under a key of its own until then; gives its salted digest, which outlives it.

    The salt lies with the address, so that nobody can try addresses against the digest once the key is gone.
    """
    salt, key, nonce = secrets.token_hex(16), AESGCM.generate_key(256), secrets.token_bytes(_NONCE)
    said = json.dumps({"address": address, "salt": salt}).encode()
    # Sealed with the hub's key as well, as every such column is, so that it is checked and sealed anew with the others.
    inner = nonce + AESGCM(key).encrypt(nonce, said, record.id.encode())
    record.address_sealed = tx.keyring.seal(inner, table=_TABLE, column="address", row=record.id)
    record.address_key_sealed = tx.keyring.seal(key, table=_TABLE, column="address_key", row=record.id)
    record.address_ends_at = until
    return hashlib.sha256(f"{salt}{address}".encode()).hexdigest()


def address_of(tx: Transaction, record: AppointmentRecord) -> str | None:
    """The address; None where there is none, or none any more."""
    if record.address_sealed is None or record.address_key_sealed is None:
        return None
    key = tx.keyring.open(record.address_key_sealed, table=_TABLE, column="address_key", row=record.id)
    inner = tx.keyring.open(record.address_sealed, table=_TABLE, column="address", row=record.id)
    said: dict[str, str] = json.loads(AESGCM(key).decrypt(inner[:_NONCE], inner[_NONCE:], record.id.encode()))
    return said["address"]


def destroy_address(record: AppointmentRecord) -> None:
    """Nobody can open the address any more: its key is gone."""
    record.address_sealed = record.address_key_sealed = record.address_ends_at = None


def save_report(tx: Transaction, record: AppointmentRecord, report: VisitReport) -> None:
    """The visit is reported."""
    record.report_sealed = seal_json(tx, to_plain(report), table=_TABLE, column="report", row=record.id)
    record.reported_at = record.changed_at = tx.now


def report_of(tx: Transaction, record: AppointmentRecord) -> VisitReport | None:
    """What was reported of the visit; None while nothing was."""
    if record.report_sealed is None:
        return None
    return from_plain(VisitReport, open_json(tx, record.report_sealed, table=_TABLE, column="report", row=record.id))


def list_to_act(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of appointments of which something is to be done by now, the longest due first."""
    table = AppointmentRecord
    query = sa.select(table.id).where(sa.text("act_at IS NOT NULL"), table.act_at <= at)
    return list(tx.session.scalars(query.order_by(table.act_at, table.id).limit(limit)))


def list_to_forget(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of appointments whose address is to be kept no longer."""
    table = AppointmentRecord
    query = sa.select(table.id).where(sa.text("address_ends_at IS NOT NULL"), table.address_ends_at <= at)
    return list(tx.session.scalars(query.order_by(table.address_ends_at, table.id).limit(limit)))


_WITH_REQUEST = sa.and_(
    ServiceRequestRecord.matter_id == AppointmentRecord.id,
    ServiceRequestRecord.bank_code == AppointmentRecord.bank_code,
)
_STATUS = sa.func.coalesce(ServiceRequestRecord.status, "")
Pair = tuple[AppointmentRecord, ServiceRequestRecord]


def list_of_person(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str, negotiations: Sequence[str] = ()
) -> list[Pair]:
    """The person's appointments, and those about these negotiations; each with its request, the latest time first."""
    table = AppointmentRecord
    return _pairs(
        tx,
        _of_person(owner_indexes, client_id, negotiations),
        order=(table.starts_at.desc(), table.id.desc()),
    )


def find_of_person(
    tx: Transaction,
    appointment_id: str,
    owner_indexes: Sequence[bytes],
    *,
    client_id: str,
    negotiations: Sequence[str] = (),
) -> Pair | None:
    """The one of these with that id, with its request."""
    table = AppointmentRecord
    mine = _of_person(owner_indexes, client_id, negotiations)
    return next(iter(_pairs(tx, table.id == appointment_id, mine, order=(table.id,))), None)


def _of_person(owner_indexes: Sequence[bytes], client_id: str, negotiations: Sequence[str]) -> sa.ColumnElement[bool]:
    table = AppointmentRecord
    mine = table.owner_index.in_(owner_indexes) & (table.client_id == client_id)
    return mine | table.negotiation_id.in_(negotiations)


def list_of_bank(
    tx: Transaction, bank_code: str, *, first: datetime, last: datetime, status: str | None = None
) -> list[Pair]:
    """The bank's appointments that begin from `first` to before `last` and have reached it; the earliest first.

    Those alone that stand so, where `status` is named.
    """
    table = AppointmentRecord
    return _pairs(
        tx,
        table.bank_code == bank_code,
        table.starts_at >= first,
        table.starts_at < last,
        ServiceRequestRecord.reached_bank_at.is_not(None),
        *(() if status is None else (ServiceRequestRecord.status == status,)),
        order=(table.starts_at, table.id),
    )


def list_gone_wrong(tx: Transaction, statuses: Sequence[str], entry_kind: str, *, since: datetime) -> list[Pair]:
    """All appointments since then that stand so or have such an entry, over all banks; the latest first."""
    table = AppointmentRecord
    # What was said lies sealed; that something was said stands in the log.
    noted = sa.exists().where(
        RequestEntryRecord.request_id == ServiceRequestRecord.id, RequestEntryRecord.kind == entry_kind
    )
    return _pairs(
        tx,
        ServiceRequestRecord.status.in_(statuses) | noted,
        table.starts_at >= since,
        order=(table.starts_at.desc(), table.id.desc()),
    )


def _pairs(tx: Transaction, *which: sa.ColumnElement[bool], order: Sequence[Any]) -> list[Pair]:
    query = sa.select(AppointmentRecord, ServiceRequestRecord).join(ServiceRequestRecord, _WITH_REQUEST)
    query = query.where(ServiceRequestRecord.erased_at.is_(None), *which).order_by(*order).limit(500)
    return [(record, request) for record, request in tx.session.execute(query)]


def forget(tx: Transaction, *which: sa.ColumnElement[bool]) -> None:
    """These appointments are gone, with all that they hold; their parts of slots are free."""
    held = sa.select(AppointmentRecord.slot_id).where(AppointmentRecord.holds_slot, *which)
    for slot_id in tx.session.scalars(held).all():
        give_back(tx, slot_id)
    tx.session.execute(sa.delete(AppointmentRecord).where(*which))


def forget_expired(tx: Transaction) -> None:
    """Appointments whose time is over are gone."""
    forget(tx, AppointmentRecord.expires_at <= tx.now)


def list_slots_taken_otherwise(tx: Transaction, span: Span = WHOLE) -> list[tuple[str, str]]:
    """(id, what is wrong) of each slot that is not taken by as many as hold it."""
    slot_id = AppointmentRecord.slot_id
    holding = sa.select(slot_id, sa.func.count()).where(AppointmentRecord.holds_slot, *span.of(slot_id))
    held = dict(tx.session.execute(holding.group_by(slot_id)).all())
    return [
        (id_, f"taken {taken} times, by {held.get(id_, 0)} appointments")
        for id_, taken in tx.session.execute(sa.select(SlotRecord.id, SlotRecord.taken).where(*span.of(SlotRecord.id)))
        if taken != held.get(id_, 0)
    ]


def list_disagreeing(
    tx: Transaction, statuses_without_slot: Sequence[str], span: Span = WHOLE
) -> list[tuple[str, str]]:
    """(id, what is wrong) of each appointment that does not agree with its request."""
    found = []
    query = sa.select(AppointmentRecord.id, AppointmentRecord.holds_slot, _STATUS).where(*span.of(AppointmentRecord.id))
    for appointment_id, holds_slot, status in tx.session.execute(query.outerjoin(ServiceRequestRecord, _WITH_REQUEST)):
        if not status:
            found.append((appointment_id, "has no request"))
        elif holds_slot == (status in statuses_without_slot):
            found.append((appointment_id, f"{status} and its slot do not agree"))
    return found
