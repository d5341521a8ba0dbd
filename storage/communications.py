"""Logs as chains: appending to one, and reading it back.

A negotiation has one, and so has a request: the same entries in tables of their own. Appending needs the row locked
that the chain belongs to: its end lies in that row.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from cattrs import BaseValidationError

from hub.domain.actor import Actor, Party
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import EvidenceDamaged, InvalidValue, KeysUnusable
from hub.domain.last_word import last_word_after
from hub.domain.log_chain import SALT_BYTES, Attachment, content_digest
from hub.domain.log_chain import Entry as Header
from hub.domain.plain import from_plain, to_plain
from storage.log_tables import OF_NEGOTIATIONS, OF_REQUESTS, Log
from storage.records import LogEntryRecord, NegotiationRecord, ServiceRequestRecord
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_END = "log_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What shall be written into the log: who, what kind of thing, in which words, with which files."""

    kind: EntryKind
    text: str
    actor: Actor
    attachments: Sequence[Attachment] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it stands in the log. `text` and `salt` are None once erased."""

    header: Header
    digest: str
    actor: str
    text: str | None
    salt: bytes | None

    def line(self) -> dict[str, object]:
        """The entry as a line of `log.jsonl`, its digest as it is stored."""
        return {**self.header.line(text=self.text, salt=self.salt), "digest": self.digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where a chain ends: how many entries it has, and the digest of the last.

    `negotiation_id` is the chain's name: the id of its negotiation, or of its request.
    """

    negotiation_id: str
    bank_code: str
    length: int
    head: str
    log: Log = OF_NEGOTIATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """An entry that has its place in the chain and is still to be written; `end` is the chain's end with it."""

    end: End
    entry: Entry
    row: dict[str, object]
    content: dict[str, object]


def append(
    tx: Transaction,
    subject: NegotiationRecord | ServiceRequestRecord,
    entry: NewEntry,
    *,
    event: str | None = None,
    change: tuple[str | None, str] | None = None,
) -> Entry:
    """`entry` as it stands in the log, now the end of the subject's chain. `change` is (from, to), where any."""
    chained = chain(tx, end_of(subject), entry, event=event, change=change)
    write(tx, [chained])
    _keep_end(tx, subject, chained)
    return chained.entry


def append_all(tx: Transaction, entries: Sequence[tuple[NegotiationRecord, NewEntry]]) -> None:
    """The hub's own entries that change no status are the ends of their chains, written all at once."""
    chained = []
    for negotiation, entry in entries:
        chained.append(chain(tx, end_of(negotiation), entry))
        _keep_end(tx, negotiation, chained[-1])
    if chained:
        write(tx, chained)


def end_of(subject: NegotiationRecord | ServiceRequestRecord) -> End:
    """Where the subject's chain ends, by its row."""
    return End(
        negotiation_id=subject.id,
        bank_code=subject.bank_code,
        length=subject.log_length,
        head=subject.log_head,
        log=OF_REQUESTS if isinstance(subject, ServiceRequestRecord) else OF_NEGOTIATIONS,
    )


def mac_of(tx: Transaction, end: End) -> str:
    """What nobody can write who has none of the hub's keys: kept beside the end, and checked with it."""
    return tx.keyring.sign(_spelt(end), purpose=_END)


def is_end_signed(tx: Transaction, end: End, mac: str) -> bool:
    """Whether somebody who holds a key of the hub wrote this end."""
    return tx.keyring.verify(_spelt(end), mac, purpose=_END)


def _spelt(end: End) -> bytes:
    return f"{end.negotiation_id}/{end.length}/{end.head}".encode()


def _keep_end(tx: Transaction, subject: NegotiationRecord | ServiceRequestRecord, chained: Chained) -> None:
    subject.log_length = chained.end.length
    subject.log_head = chained.end.head
    subject.log_mac = mac_of(tx, chained.end)
    subject.updated_at = tx.now
    if isinstance(subject, NegotiationRecord):
        header = chained.entry.header
        subject.last_word = last_word_after(subject.last_word, Party(header.party), EntryKind(header.kind))


def chain(
    tx: Transaction,
    end: End,
    entry: NewEntry,
    *,
    event: str | None = None,
    change: tuple[str | None, str] | None = None,
) -> Chained:
    """`entry` behind `end`, not written yet."""
    salt = secrets.token_bytes(SALT_BYTES)
    header = Header(
        negotiation=end.negotiation_id,
        sequence=end.length + 1,
        at=tx.now,
        channel=entry.actor.channel,
        party=entry.actor.party,
        kind=entry.kind,
        event=event,
        from_status=change[0] if change else None,
        to_status=change[1] if change else None,
        attachments=tuple(entry.attachments),
        content=content_digest(salt, entry.text),
        previous=end.head,
    )
    digest = header.digest
    row = f"{end.negotiation_id}/{header.sequence}"
    same = {end.log.owner: end.negotiation_id, "sequence": header.sequence, "bank_code": end.bank_code}
    place = _place(end.bank_code, end.negotiation_id, header.sequence, str(entry.actor))
    return Chained(
        end=replace(end, length=header.sequence, head=digest),
        entry=Entry(header=header, digest=digest, actor=str(entry.actor), text=entry.text, salt=salt),
        row={
            **same,
            "at": header.at,
            "channel": header.channel,
            "party": header.party,
            "actor": str(entry.actor),
            "kind": header.kind,
            "event": header.event,
            "from_status": header.from_status,
            "to_status": header.to_status,
            "attachments": to_plain(list(header.attachments)),
            "content": header.content,
            "previous": header.previous,
            "digest": digest,
        },
        content={
            **same,
            "salt_sealed": tx.keyring.seal(salt, row=row, **end.log.place("salt")),
            "text_sealed": tx.keyring.seal(entry.text, row=place, **end.log.place("text")),
        },
    )


def write(tx: Transaction, chained: Sequence[Chained]) -> None:
    """The entries, all of one log, stand in it; whoever chained them keeps the new ends with the rows they are of."""
    log = chained[0].end.log
    tx.session.execute(log.add_entry, [each.row for each in chained])
    tx.session.execute(log.add_content, [each.content for each in chained])


def _place(bank_code: str, negotiation_id: str, sequence: int, actor: str) -> str:
    # The bank and the actor are no part of the record that both sides keep, so the seal is what holds them fast.
    return f"{bank_code}/{negotiation_id}/{sequence}/{actor}"


def _entry(tx: Transaction, record: Any, content: Any, log: Log = OF_NEGOTIATIONS) -> Entry:
    return Entry(
        header=Header(
            negotiation=getattr(record, log.owner),
            sequence=record.sequence,
            at=record.at,
            channel=record.channel,
            party=record.party,
            kind=record.kind,
            event=record.event,
            from_status=record.from_status,
            to_status=record.to_status,
            attachments=from_plain(tuple[Attachment, ...], record.attachments),
            content=record.content,
            previous=record.previous,
        ),
        digest=record.digest,
        actor=record.actor,
        text=None if content is None else _text_of(tx, record, content, log),
        salt=None if content is None else _salt_of(tx, content, log),
    )


def _text_of(tx: Transaction, record: Any, content: Any, log: Log) -> str:
    place = _place(record.bank_code, getattr(record, log.owner), record.sequence, record.actor)
    return tx.keyring.open_text(content.text_sealed, row=place, **log.place("text"))


def _salt_of(tx: Transaction, content: Any, log: Log) -> bytes:
    row = f"{getattr(content, log.owner)}/{content.sequence}"
    return tx.keyring.open(content.salt_sealed, row=row, **log.place("salt"))


def list_entries(
    tx: Transaction, chain_id: str, *, after: int = 0, limit: int | None = None, log: Log = OF_NEGOTIATIONS
) -> list[Entry]:
    """The entries behind sequence number `after`, oldest first."""
    rows = tx.session.execute(_rows(chain_id, after=after, limit=limit, log=log))
    return [_entry(tx, record, content, log) for record, content in rows]


def list_lines(tx: Transaction, chain_id: str, *, log: Log = OF_NEGOTIATIONS) -> list[dict[str, object]]:
    """The entries as lines of `log.jsonl`, digests as they are stored; one that was tampered with is a broken line."""
    rows = tx.session.execute(_rows(chain_id, log=log))
    return [_line(tx, record, content, log) for record, content in rows]


def _line(tx: Transaction, record: Any, content: Any, log: Log) -> dict[str, object]:
    try:
        return _entry(tx, record, content, log).line()
    except (InvalidValue, BaseValidationError, TypeError):
        return {"sequence": record.sequence, "to": record.to_status}
    except (EvidenceDamaged, KeysUnusable):
        # No text at all would be a lawful erasure; this one has the digest of nothing that was ever said.
        return replace(_entry(tx, record, None, log), text="\x00", salt=bytes(SALT_BYTES)).line()


def _rows(
    chain_id: str, *, after: int = 0, limit: int | None = None, log: Log = OF_NEGOTIATIONS
) -> sa.Select[Any, Any]:
    entry, content = log.entry, log.content
    same = sa.and_(log.content_owner == log.entry_owner, content.sequence == entry.sequence)
    return (
        sa.select(entry, content)
        .outerjoin(content, same)
        .where(log.entry_owner == chain_id, entry.sequence > after)
        .order_by(entry.sequence)
        .limit(limit)
    )


def has_kind(tx: Transaction, negotiation_id: str, kind: EntryKind) -> bool:
    """Whether the negotiation's log has an entry of that kind."""
    record = LogEntryRecord
    found = sa.select(sa.exists().where(record.negotiation_id == negotiation_id, record.kind == kind))
    return bool(tx.session.scalar(found))


def attachments_of(tx: Transaction, negotiation_id: str, kinds: Collection[str]) -> set[tuple[str, str]]:
    """(kind, id) of everything of those kinds that an entry of the negotiation names."""
    query = sa.select(LogEntryRecord.attachments).where(LogEntryRecord.negotiation_id == negotiation_id)
    return {
        (each["kind"], each["id"]) for named in tx.session.scalars(query) for each in named if each["kind"] in kinds
    }


def iterate_negotiations(tx: Transaction, span: Span = WHOLE) -> Iterator[NegotiationRecord]:
    """Every negotiation whose id is in `span`, oldest first, a few at a time."""
    query = sa.select(NegotiationRecord).where(*span.of(NegotiationRecord.id)).order_by(NegotiationRecord.id)
    yield from tx.session.scalars(query.execution_options(yield_per=200))
