"""What is kept for the queue beside a negotiation: filled for old rows, another bank's never matching, forgotten."""

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.application import HardshipReason
from hub.services.operating import tallies
from storage import queue_index
from storage.records import NegotiationRecord, SearchKeyRecord
from storage.records.negotiations import UNINDEXED
from tests.applications import CITIC, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase

NAME = ("name/王小明",)


def found(case: Case, bank_code: str = ICBC) -> list[str]:
    with case.hub.reading(HUB) as tx:
        return queue_index.find(tx, bank_code, NAME, most=10)


def test_rows_of_before_are_filled_in_lots_and_once(open_case: OpenCase) -> None:
    cases = [open_case() for _ in range(2)]
    hub = cases[0].hub
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.delete(SearchKeyRecord))
        old = {"owed_hundreds": UNINDEXED, "summary_sealed": None, "reason_marks": None}
        tx.session.execute(sa.update(NegotiationRecord).values(old))
    assert found(cases[0]) == []
    assert tallies.index_old(hub) == 2
    assert tallies.index_old(hub) == 0
    assert sorted(found(cases[0])) == sorted(each.id for each in cases)
    with cases[0].row() as (tx, row):
        assert row.owed_hundreds == 190
        assert queue_index.marks_of(tx, ICBC, [HardshipReason.ILLNESS]) == [row.reason_marks]
        assert row.summary_sealed is not None
        assert queue_index.summary_of(tx, row.summary_sealed, id_=row.id, version=1).name == "王*明"


def test_two_banks_hashes_of_one_person_never_match(open_case: OpenCase) -> None:
    one, other = open_case(ICBC), open_case(CITIC)
    assert (found(one), found(one, CITIC)) == ([one.id], [other.id])
    with one.hub.reading(HUB) as tx:
        keys = {
            each: set(tx.session.scalars(sa.select(SearchKeyRecord.key).where(SearchKeyRecord.bank_code == each)))
            for each in (ICBC, CITIC)
        }
        marks = [queue_index.marks_of(tx, each, [HardshipReason.ILLNESS]) for each in (ICBC, CITIC)]
    assert keys[ICBC] & keys[CITIC] == set()
    assert marks[0] != marks[1]


def test_nothing_in_the_rows_says_who_it_is(open_case: OpenCase) -> None:
    case = open_case()
    with case.row() as (tx, row):
        kept = b"".join(tx.session.scalars(sa.select(SearchKeyRecord.key)))
        assert row.summary_sealed is not None
        for clear in ("王小明", "0007", "8000", "illness"):
            assert clear.encode() not in kept + row.summary_sealed + str(row.reason_marks).encode()
