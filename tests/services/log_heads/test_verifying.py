"""Who changes the log is found: by its chain, by the hub's own heads, or by a head that was kept outside."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.log_chain import Entry
from hub.domain.log_heads import Head
from hub.services import passes
from hub.services.documents import records
from hub.services.log_heads import log_sections, signing, verifying
from hub.services.log_heads.log_sections import GoneChain, LogFault
from hub.services.log_heads.rows_look import BrokenRow
from hub.services.operating import audit, log_invariants
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import access_log, communications, log_heads
from storage.records import (
    AccessRecord,
    AuditRecord,
    LogContentRecord,
    LogEndRecord,
    LogEntryRecord,
    LogHeadRecord,
    LogNodeRecord,
    NegotiationRecord,
    RowSealRecord,
    new_id,
)
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.log_heads.rewriting import forget_heads, rewrite
from tests.services.log_heads.signed import sign

ENTRY: Any = LogEntryRecord.__table__
CONTENT: Any = LogContentRecord.__table__
ROW = NegotiationRecord.__table__


def beside(tx: HubTransaction) -> list[LogFault]:
    return list(passes.within(tx, log_sections.sections()))


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A case whose log a signed head covers, and that head, as a bank has kept it."""

    case: Case
    head: Head

    def found(self, tx: HubTransaction, *, with_head: bool) -> set[str]:
        """What verifying names in `tx`."""
        chain = records.verify_log(tx, self.case.id)
        heads = verifying.broken_heads(tx, [self.head] if with_head else [])
        return {
            *(() if chain is None else (f"entry {chain.sequence} {chain.reason}",)),
            *(f"head {each.number} {each.fault}" for each in heads),
            *(f"gone {each.chain == self.case.id}" for each in beside(tx) if isinstance(each, GoneChain)),
            *(f"{each.log} {each.reason}" for each in beside(tx) if isinstance(each, BrokenRow)),
        }

    def found_after(self, *statements: sa.Executable, with_head: bool = False) -> set[str]:
        with broken(self.case.hub, *statements) as tx:
            return self.found(tx, with_head=with_head)


@pytest.fixture
def kept(open_case: OpenCase) -> Kept:
    case = open_case()
    case.offer()
    with case.hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        for what in ("page", "paper/1", "paper/2"):
            access_log.note_reading(tx, row, case.REVIEWER, what)
        audit.note(tx, AuditKind.RECORD_EXPORTED, row.reference, reason="x")
    return Kept(case=case, head=sign(case))


def earlier(entry: Entry) -> Entry:
    return replace(entry, at=entry.at - timedelta(days=40))


def another_offer(entry: Entry) -> Entry:
    bent = tuple(replace(each, sha256="f" * 64) if each.kind == "offer" else each for each in entry.attachments)
    return replace(entry, attachments=bent)


def cut(case: Case, *, back: int) -> list[sa.Executable]:
    """The last entry is gone; with `back` the row's end is that many entries before."""
    log = case.log()
    last, before = log[-1].header.sequence, log[-1 - back]
    mine = [
        sa.delete(each).where(each.c.negotiation_id == case.id, each.c.sequence == last) for each in (CONTENT, ENTRY)
    ]
    set_back = (
        sa.update(NegotiationRecord)
        .where(ROW.c.id == case.id)
        .values(log_length=before.header.sequence, log_head=before.digest)
    )
    return [*mine, set_back] if back else list(mine)


def test_a_log_that_nobody_touched_verifies_with_the_head_and_without(kept: Kept) -> None:
    assert kept.found_after() == kept.found_after(with_head=True) == set()
    # It goes on, and so do the heads; the old one still holds.
    kept.case.withdraw()
    assert kept.found_after(with_head=True) == set()
    assert sign(kept.case).number == 2
    assert kept.found_after(with_head=True) == set()


def test_an_edited_row_is_found(kept: Kept) -> None:
    edited = sa.update(LogEntryRecord).where(ENTRY.c.sequence == 2).values(party="bank")
    assert kept.found_after(edited) == {"entry 2 digest"}


def test_a_cut_tail_is_found_also_where_the_row_was_set_back(kept: Kept) -> None:
    last = len(kept.case.log())
    assert kept.found_after(*cut(kept.case, back=0)) == {f"entry {last} head"}
    assert kept.found_after(*cut(kept.case, back=1)) == {f"entry {last - 1} signed"}
    unsigned = sa.update(NegotiationRecord).values(log_mac=None)
    assert kept.found_after(*cut(kept.case, back=1), unsigned) == {f"entry {last} covered"}


def test_a_tail_that_no_head_covers_yet_cannot_be_cut_without_keys(kept: Kept) -> None:
    kept.case.withdraw()
    last = len(kept.case.log())
    assert kept.found_after(*cut(kept.case, back=1)) == {f"entry {last - 1} signed"}


@pytest.mark.parametrize("change", [earlier, another_offer])
def test_a_log_written_anew_with_fresh_digests_is_found_without_any_head_from_outside(
    kept: Kept, change: Callable[[Entry], Entry]
) -> None:
    with broken(kept.case.hub) as tx:
        rewrite(tx, kept.case.id, change)
        assert kept.found(tx, with_head=False) == {f"entry {len(kept.case.log())} signed"}
        tx.session.execute(sa.update(NegotiationRecord).values(log_mac=None))
        tx.session.expire_all()
        found = kept.found(tx, with_head=False)
        assert found == {f"entry {len(kept.case.log())} covered"}


def test_a_log_written_anew_with_the_hubs_own_signed_heads_taken_away_passes_but_for_a_head_from_outside(
    kept: Kept,
) -> None:
    with broken(kept.case.hub) as tx:
        rewrite(tx, kept.case.id, earlier)
        for statement in forget_heads():
            tx.session.execute(statement)
        tx.session.expire_all()
        assert kept.found(tx, with_head=False) == set()
        assert kept.found(tx, with_head=True) == {"head 1 number"}


def test_a_log_written_anew_by_who_holds_the_keys_passes_but_for_a_head_from_outside(kept: Kept) -> None:
    with broken(kept.case.hub) as tx:
        end = rewrite(tx, kept.case.id, another_offer)
        for statement in forget_heads():
            tx.session.execute(statement)
        tx.session.expire_all()
        tx.session.get_one(NegotiationRecord, kept.case.id).log_mac = communications.mac_of(tx, end)
        tx.session.execute(sa.delete(RowSealRecord))
        head, _ = signing.sign(tx)
        assert head is not None
        assert kept.found(tx, with_head=False) == set()
        assert kept.found(tx, with_head=True) == {"head 1 other"}


def test_words_that_are_gone_without_an_entry_are_found(kept: Kept) -> None:
    assert kept.found_after(sa.delete(LogContentRecord)) == {"entry 1 erased"}


def test_rows_of_the_access_log_and_the_audit_that_were_removed_changed_or_put_in_are_found(kept: Kept) -> None:
    with kept.case.hub.reading(HUB) as tx:
        ids = sorted(tx.session.scalars(sa.select(AccessRecord.id)))
    some = AccessRecord.id == ids[1]
    for statement, found in (
        (sa.delete(AccessRecord).where(some), "access removed"),
        (sa.delete(AccessRecord), "access removed"),
        (sa.update(AccessRecord).where(some).values(what="page"), "access changed"),
        (sa.update(AccessRecord).where(some).values(actor="bank:staff/else"), "access changed"),
        (sa.update(RowSealRecord).where(RowSealRecord.log == "access").values(digest="0" * 64), "access changed"),
        (sa.update(AuditRecord).values(kind="other"), "audit changed"),
        (sa.delete(AuditRecord), "audit removed"),
    ):
        assert kept.found_after(statement) == {found}
    both = [sa.delete(AccessRecord), sa.delete(RowSealRecord).where(RowSealRecord.log == "access")]
    assert kept.found_after(*both) == {"access removed"}


def test_a_row_of_the_access_log_that_is_dated_back_is_found(kept: Kept) -> None:
    with kept.case.hub.reading(HUB) as tx:
        row = tx.session.scalars(sa.select(AccessRecord)).first()
        assert row is not None
        values = {each.name: getattr(row, each.name) for each in row.__table__.columns}
    put_in = sa.insert(AccessRecord).values(**{**values, "id": "0" * 12 + new_id()[12:]})
    assert kept.found_after(put_in) == {"access put in afterwards"}


def test_heads_and_ends_that_were_edited_or_removed_are_found(kept: Kept) -> None:
    kept.case.withdraw()
    sign(kept.case)
    first, second = (LogHeadRecord.number == number for number in (1, 2))
    cases: list[tuple[sa.Executable, set[str] | None]] = [
        (sa.update(LogHeadRecord).where(first).values(entries=99), {"head 1 signature", "head 2 previous"}),
        (sa.update(LogHeadRecord).where(first).values(key_id="0" * 16), {"head 1 key", "head 2 previous"}),
        (sa.update(LogHeadRecord).where(first).values(signature="bent"), {"head 1 signature"}),
        (sa.update(LogHeadRecord).where(second).values(size=1), {"head 2 root"}),
        (sa.delete(LogHeadRecord).where(first), {"head 2 number"}),
        (sa.update(LogEndRecord).where(LogEndRecord.position == 0).values(length=1), None),
        (sa.delete(LogEndRecord).where(LogEndRecord.position == 0), None),
        (sa.delete(LogHeadRecord).where(second), {"head 2 number"}),
    ]
    for statement, found in cases:
        if found is None:
            assert {"head 1 root", "head 2 root"} <= kept.found_after(statement)
        else:
            assert kept.found_after(statement) == found, statement


def test_a_last_head_that_was_taken_away_is_missed_by_who_kept_it(kept: Kept) -> None:
    with kept.case.hub.reading(HUB) as tx:
        [before] = tx.session.scalars(sa.select(LogHeadRecord.size))
    kept.case.withdraw()
    newer = replace(kept, head=sign(kept.case))
    gone = [
        sa.delete(LogHeadRecord).where(LogHeadRecord.number == 2),
        sa.delete(LogEndRecord).where(LogEndRecord.position >= before),
    ]
    assert newer.found_after(*gone) == set()
    assert newer.found_after(*gone, with_head=True) == {"head 2 number"}


@pytest.mark.parametrize(
    "change",
    [
        sa.delete(LogNodeRecord).where(LogNodeRecord.position == 0),
        sa.update(LogNodeRecord).where(LogNodeRecord.position == 0).values(hash=bytes(32)),
        sa.insert(LogNodeRecord).values(level=9, position=9, hash=bytes(32)),
    ],
)
def test_a_node_that_proofs_are_made_of_is_the_one_over_its_leaves(kept: Kept, change: sa.Executable) -> None:
    with broken(kept.case.hub) as tx:
        assert list(passes.within(tx, log_invariants.sections())) == []
        tx.session.execute(change)
        found = passes.within(tx, log_invariants.sections())
        assert ("log_heads", "the tree") in {(each.invariant, each.subject) for each in found}


def test_a_head_that_the_hub_never_signed_is_told_from_its_own(kept: Kept) -> None:
    forged = replace(kept, head=replace(kept.head, entries=1))
    assert forged.found_after(with_head=True) == {"head 1 signature"}
    other = replace(kept, head=replace(kept.head, key_id="0" * 16))
    assert other.found_after(with_head=True) == {"head 1 key"}


def test_a_negotiation_that_is_gone_with_its_log_is_missed(kept: Kept) -> None:
    gone = [sa.delete(table).where(table.c.negotiation_id == kept.case.id) for table in (CONTENT, ENTRY)] + [
        sa.delete(NegotiationRecord).where(ROW.c.id == kept.case.id)
    ]
    with broken(kept.case.hub) as tx:
        if tx.session.get_bind().dialect.name == "sqlite":
            tx.session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        for statement in gone:
            tx.session.execute(statement)
        assert GoneChain(chain=kept.case.id) in beside(tx)


def test_the_chains_under_a_head_are_those_that_are_stored(kept: Kept) -> None:
    with kept.case.hub.reading(HUB) as tx:
        ends = {each.chain: each.length for each, _ in log_heads.list_leaves(tx, 0, 1000)}
        assert ends[kept.case.id] == len(kept.case.log())
        assert kept.head.entries == sum(ends.values())
        assert {"access", "audit"} & set(ends)
