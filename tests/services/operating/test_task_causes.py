"""Each kind of task either has a cause that is looked at, or waits for a person's word on purpose."""

import pytest

from hub.domain.actor import HUB
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.operator_task import TaskKind
from hub.services.agreements import collection
from hub.services.operating import operator_tasks, task_causes
from storage import tasks
from storage.records import OfferRecord
from tests.services.case import Case
from tests.services.conftest import OpenCase


def raised(case: Case, kind: TaskKind, about: str, **params: str) -> None:
    with case.hub.writing(HUB) as tx:
        key = f"{kind}:{about}"
        tasks.raise_task(tx, key=key, kind=kind, bank_code=case.bank_code, negotiation_id=case.id, params=params)


def kinds(case: Case) -> list[str]:
    task_causes.look(case.hub)
    with case.hub.reading(HUB) as tx:
        return [each.kind for each in operator_tasks.open_tasks(tx)]


WAITS_FOR_A_PERSON = frozenset(
    {
        TaskKind.RESPONSE_WRONG,
        TaskKind.MANY_FILES_READ,
        TaskKind.MANY_CASES_READ,
        TaskKind.INFECTED,
        TaskKind.NOT_SCANNED,
        TaskKind.PAPER_UNSTAMPED,
        TaskKind.RESTORED,
        TaskKind.IDENTITY_FAILED_AT_VISIT,
        TaskKind.VISIT_NOT_REPORTED,
        TaskKind.VISIT_MISSED,
        TaskKind.VISIT_TROUBLE,
    }
)
"""Kinds without a cause that could be over: what was laid out wrongly or read too much stays so, until a person says
that it was looked into. Who reads very much and then leaves the bank has read it all the same. A visit that is
reported after all ends its task itself."""
SCANNERS = {TaskKind.SCANNER_AWAY, TaskKind.SIGNATURES_OLD}
"""Looked at by `scanner_tasks`, which asks the scanner."""


def test_every_kind_has_a_cause_that_is_looked_at_or_waits_for_a_person() -> None:
    looked_at = {*task_causes.OVER, TaskKind.HELD_UP, TaskKind.SEAL_ENDS, *SCANNERS}
    assert looked_at | WAITS_FOR_A_PERSON == set(TaskKind)
    assert not looked_at & WAITS_FOR_A_PERSON


@pytest.mark.parametrize(
    ("status", "left"), [("open", 1), ("accepted", 1), ("lapsed", 0), ("superseded", 0), ("declined", 0)]
)
def test_guessed_codes_are_over_once_the_offer_cannot_be_signed(open_case: OpenCase, status: str, left: int) -> None:
    case = open_case()
    offer_id = case.offer()
    raised(case, TaskKind.CODES_GUESSED, offer_id, offer=offer_id, tries="5")
    with case.hub.writing(HUB) as tx:
        tx.session.get_one(OfferRecord, offer_id).status = status
    assert len(kinds(case)) == left


def test_a_collection_is_over_once_the_bank_has_answered(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    with case.hub.writing(case.cardholder) as tx:
        said = CollectionReport(at=tx.now, channel=CollectionChannel.PHONE, caller="", text="又来电话。")
        report_id = collection.report(tx, case.id, said, client_id=case.client_id).id
    assert kinds(case) == [TaskKind.COLLECTED_ALTHOUGH_AGREED]
    with case.hub.writing(case.REVIEWER) as tx:
        collection.answer(tx, case.id, report_id, "已通知停止。", bank_code=case.bank_code)
    assert kinds(case) == []


def test_a_damaged_file_is_over_once_no_row_speaks_of_it(open_case: OpenCase) -> None:
    case = open_case()
    raised(case, TaskKind.FILE_DAMAGED, "evidence:x", name="0" * 64)
    assert kinds(case) == []


def test_who_reads_very_much_and_leaves_is_still_a_persons_to_look_into(open_case: OpenCase) -> None:
    case = open_case()
    raised(case, TaskKind.MANY_FILES_READ, f"bank:staff/{'a' * 32}:20261121", who="a@b.cn", count="200")
    assert kinds(case) == [TaskKind.MANY_FILES_READ]
