"""A pass in parts, each begun by a process that knows nothing but the place, finds what one run over all finds."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services import passes
from hub.services.documents import log_verification
from hub.services.documents.log_verification import VerifiedChain
from hub.services.log_heads import log_sections, signing
from hub.services.operating import file_invariants, invariants
from hub.services.passes import Section
from hub.services.transaction import HubTransaction
from storage import access_log
from storage.evidence import NO_KEY
from storage.records import EvidenceRecord, NegotiationRecord
from storage.spans import Key
from tests.applications import CITIC, CMB, ICBC
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.conftest import OpenCase

F = TypeVar("F")


@pytest.fixture
def cases(open_case: OpenCase) -> list[Case]:
    """Five negotiations under four heads, the last of them over rows of the access log alone."""
    cases = []
    for codes in ((ICBC, CMB), (CITIC, ICBC), (CMB,)):
        cases += [open_case(code) for code in codes]
        read(cases[-1])
        assert signing.sign_all(cases[0].hub) == 1
    read(cases[0])
    assert signing.sign_all(cases[0].hub) == 1
    return cases


def read(case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        access_log.note_reading(tx, tx.session.get_one(NegotiationRecord, case.id), case.REVIEWER, "page")


@pytest.fixture(autouse=True)
def by_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slice is of one row or two."""
    for module, name, many in (
        (invariants, "_TOGETHER", 2),
        (log_sections, "HEADS_TOGETHER", 1),
        (log_sections, "ROWS_TOGETHER", 2),
        (log_verification, "_CHAINS_TOGETHER", 2),
    ):
        monkeypatch.setattr(module, name, many)


def found_in_parts(tx: HubTransaction, make: Callable[[], Sequence[Section[F]]]) -> list[F]:
    """What is found where each slice is looked at by sections of its own, which remember nothing."""
    found: list[F] = []
    for number in range(len(make())):
        after: Key | None = None
        while True:
            section = make()[number]
            span = section.span_behind(tx, after)
            found += [each for find in section.finders(tx, span) for each in find()]
            after = span.upto
            if after is None:
                break
    return found


LAST_ROW = "(SELECT max(id) FROM access_entry)"
_ANOTHER_NODE = "SELECT hash FROM log_node WHERE level = 0 AND position = 0"
DAMAGE = {
    "nothing": "SELECT 1",
    "an entry": "UPDATE log_entry SET party = 'bank' WHERE sequence = 2",
    "a leaf": "UPDATE log_end SET length = 77 WHERE position = 4",
    "a leaf that is gone": "DELETE FROM log_end WHERE position = 4",
    "a node": f"UPDATE log_node SET hash = ({_ANOTHER_NODE}) WHERE level = 1 AND position = 1",
    "a node too many": f"INSERT INTO log_node (level, position, hash) VALUES (9, 9, ({_ANOTHER_NODE}))",
    "a head": "UPDATE log_head SET entries = 99 WHERE number = 2",
    "a head that is gone": "DELETE FROM log_head WHERE number = 4",
    "a row of the access log": f"UPDATE access_entry SET what = 'paper' WHERE id = {LAST_ROW}",
    "a row that is gone": f"DELETE FROM access_entry WHERE id = {LAST_ROW}",
    "a bank": "UPDATE clock SET bank_code = '03080000'",
}


@pytest.mark.parametrize("what", sorted(DAMAGE))
def test_what_is_found_at_once_is_found_in_parts(cases: list[Case], what: str) -> None:
    store = cases[0].hub.store
    with broken(cases[0].hub, sa.text(DAMAGE[what])) as tx:
        at_once = list(invariants.breaches(tx, store))
        in_parts = found_in_parts(tx, lambda: invariants.sections(store))
        assert {each.invariant for each in in_parts} == {each.invariant for each in at_once}
        assert {each.subject for each in in_parts} <= {each.subject for each in at_once}
        assert bool(at_once) == (what != "nothing")
        verified = [list(passes.within(tx, log_verification.sections((), ())))]
        verified.append(found_in_parts(tx, lambda: log_verification.sections((), ())))
        faults = [
            {type(each) for each in found if not isinstance(each, VerifiedChain) or each.broken} for found in verified
        ]
        assert faults[0] == faults[1]
        assert [len([each for each in found if isinstance(each, VerifiedChain)]) for found in verified] == [5, 5]


@pytest.mark.parametrize("is_erased", [True, False])
def test_a_file_that_is_erased_while_it_is_looked_at_is_no_breach(
    cases: list[Case], monkeypatch: pytest.MonkeyPatch, is_erased: bool
) -> None:
    hub, store = cases[0].hub, cases[0].hub.store
    read = type(store).read

    def read_late(_store: object, name: str, key: bytes, size: int) -> Iterator[bytes]:
        if is_erased:
            with hub.writing(HUB) as tx:
                mine = sa.update(EvidenceRecord).where(EvidenceRecord.store_name == name)
                tx.session.execute(mine.values(file_key_sealed=NO_KEY))
        store.delete(name)
        return read(store, name, key, size)

    monkeypatch.setattr(type(store), "read", read_late)
    section = next(each for each in file_invariants.sections(store) if each.name == "files/evidence")
    found = [breach.subject for each in passes.run(hub, HUB, [section]) for breach in each.found]
    with hub.reading(HUB) as tx:
        named = list(tx.session.scalars(sa.select(EvidenceRecord.id).order_by(EvidenceRecord.id)))
    assert (bool(named), found) == (True, [] if is_erased else named)
