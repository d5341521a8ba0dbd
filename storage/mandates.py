"""Authorisations to deduct: finding and writing them. The only writer of a mandate's status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hub.domain.mandate import MandateContents, MandateEvent, MandateStatus, next_status
from hub.domain.plain import Plain, from_plain, instant, to_plain
from storage.records import MandateRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE = "mandate"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVersion:
    """What a mandate said until it was changed at `until`."""

    number: int
    contents: MandateContents
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Whose signature a revocation bears, and of when."""

    name: str
    at: datetime


def add(
    tx: Transaction, owner_index: bytes, *, client_id: str, contents: MandateContents, look_at: datetime | None
) -> MandateRecord:
    """A recorded mandate with these contents, its first version."""
    row = new_id()
    record = MandateRecord(
        id=row,
        owner_index=owner_index,
        client_id=client_id,
        status=MandateStatus.RECORDED,
        version=1,
        contents_sealed=_sealed(tx, row, contents),
        earlier_sealed=None,
        recorded_at=tx.now,
        look_at=look_at,
        not_refused=0,
        changed_at=tx.now,
        expires_at=contents.expires_at(tx.now),
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def list_of(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str, lock: bool = False
) -> list[MandateRecord]:
    """The person's mandates, the newest first."""
    query = (
        sa.select(MandateRecord)
        .where(MandateRecord.owner_index.in_(owner_indexes), MandateRecord.client_id == client_id)
        .order_by(MandateRecord.id.desc())
    )
    return list(tx.session.scalars(query.with_for_update() if lock else query))


def find(tx: Transaction, mandate_id: str) -> MandateRecord | None:
    """The mandate, whoever's it is."""
    return tx.session.get(MandateRecord, mandate_id)


def lock(tx: Transaction, mandate_id: str) -> MandateRecord | None:
    """The mandate, whoever's it is, locked; None where it is gone."""
    return tx.session.get(MandateRecord, mandate_id, with_for_update=True, populate_existing=True)


def contents_of(tx: Transaction, record: MandateRecord) -> MandateContents:
    """What the mandate says now."""
    plain = open_json(tx, record.contents_sealed, table=_TABLE, column="contents", row=record.id)
    return from_plain(MandateContents, plain)


def earlier_of(tx: Transaction, record: MandateRecord) -> list[EarlierVersion]:
    """What it said before, the oldest first."""
    return [
        EarlierVersion(
            number=number,
            contents=from_plain(MandateContents, each["contents"]),
            until=datetime.fromisoformat(str(each["until"])),
        )
        for number, each in enumerate(_earlier(tx, record), start=1)
    ]


def _earlier(tx: Transaction, record: MandateRecord) -> list[Plain]:
    if record.earlier_sealed is None:
        return []
    plain = open_json(tx, record.earlier_sealed, table=_TABLE, column="earlier", row=record.id)
    return list(plain["versions"])


def change(tx: Transaction, record: MandateRecord, contents: MandateContents) -> None:
    """The mandate says this as its next version, and what it said stays beside it; raises `StatusConflict`."""
    apply_event(tx, record, MandateEvent.CHANGED)
    before = [*_earlier(tx, record), {"contents": to_plain(contents_of(tx, record)), "until": instant(tx.now)}]
    record.earlier_sealed = seal_json(tx, {"versions": before}, table=_TABLE, column="earlier", row=record.id)
    record.contents_sealed = _sealed(tx, record.id, contents)
    record.version += 1
    record.expires_at = contents.expires_at(tx.now)


def apply_event(tx: Transaction, record: MandateRecord, event: MandateEvent) -> None:
    """The mandate's status is what `event` leads to; raises `StatusConflict`."""
    record.status = next_status(MandateStatus(record.status), event)
    record.changed_at = tx.now
    tx.session.flush()


def lock_of_revocation(tx: Transaction, revocation_id: str) -> MandateRecord | None:
    """The mandate whose newest revocation that is, locked; None where its person was erased or asked anew."""
    query = sa.select(MandateRecord).where(MandateRecord.revocation_id == revocation_id)
    return tx.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def sent(tx: Transaction, record: MandateRecord, revocation_id: str, *, name: str, receivers: int) -> None:
    """Its revocation, signed by that name, is on the way to so many receivers; raises `StatusConflict`."""
    apply_event(tx, record, MandateEvent.REVOCATION_SENT)
    signed = {"name": name, "at": instant(tx.now)}
    record.signed_sealed = seal_json(tx, signed, table=_TABLE, column="signed", row=record.id)
    record.revocation_id = revocation_id
    record.not_refused = receivers
    tx.session.flush()


def signed_of(tx: Transaction, record: MandateRecord) -> Signed:
    """By whose name its newest revocation was signed, and when; one must have been."""
    plain = open_json(tx, record.signed_sealed or b"", table=_TABLE, column="signed", row=record.id)
    return Signed(name=str(plain["name"]), at=datetime.fromisoformat(str(plain["at"])))


def refused(tx: Transaction, record: MandateRecord) -> None:
    """One of its receivers does not take the revocation; the mandate's status follows the last that refuses."""
    record.not_refused -= 1
    record.changed_at = tx.now
    if record.not_refused == 0:
        apply_event(tx, record, MandateEvent.REFUSED)
    tx.session.flush()


def list_to_look_at(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of mandates of which something is due by now, the longest due first."""
    query = sa.select(MandateRecord.id).where(sa.text("look_at IS NOT NULL"), MandateRecord.look_at <= at)
    return list(tx.session.scalars(query.order_by(MandateRecord.look_at, MandateRecord.id).limit(limit)))


def remove(tx: Transaction, record: MandateRecord) -> None:
    """The mandate is gone, with its versions."""
    tx.session.delete(record)
    tx.session.flush()


def forget_expired(tx: Transaction) -> None:
    """Mandates whose time is over are gone."""
    tx.session.execute(sa.delete(MandateRecord).where(MandateRecord.expires_at <= tx.now))


def list_disagreeing(tx: Transaction, span: Span = WHOLE) -> list[tuple[str, str]]:
    """(id, what is wrong) of each mandate whose row says otherwise than what is sealed in it."""
    found = []
    query = sa.select(MandateRecord).where(*span.of(MandateRecord.id)).order_by(MandateRecord.id)
    for record in tx.session.scalars(query).yield_per(500):
        earlier = _earlier(tx, record)
        if record.version != len(earlier) + 1:
            found.append((record.id, f"version {record.version} after {len(earlier)} others"))
        contents = contents_of(tx, record)
        if record.expires_at < contents.expires_at(record.recorded_at):
            found.append((record.id, "it is kept shorter than its term asks for"))
    return found


def _sealed(tx: Transaction, row: str, contents: MandateContents) -> bytes:
    return seal_json(tx, to_plain(contents), table=_TABLE, column="contents", row=row)
