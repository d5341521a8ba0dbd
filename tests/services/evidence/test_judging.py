"""Judging: every file that waits gets its verdict, whoever died or is away meanwhile, and none holds up another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain
from hub.domain.evidence import FileRejectionReason, Infection, MediaType
from hub.services.evidence import judging
from hub.services.evidence.judging import BATCH, DRAWN_FROM, TOO_LONG, Judging
from hub.services.evidence.lots import AGAIN_AFTER
from hub.services.operating import operator_tasks
from hub.wiring import Hub
from storage.records import EvidenceRecord
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.jobs.draining import list_waiting
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def real_clock() -> FixedClock:
    """The machine's clock, which the judging is handed."""
    return FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC))


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation whose only file waits for its verdict."""
    return open_case(worked_off=False)


def clean(chunks: Iterator[bytes], _media_type: MediaType | None) -> None:
    """Reads the file and finds nothing."""
    assert b"".join(chunks)


def verdicts(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [record.status for record in tx.session.query(EvidenceRecord).order_by(EvidenceRecord.uploaded_at)]


def test_a_file_that_waits_is_judged_and_what_waited_for_it_goes_on(case: Case, real_clock: FixedClock) -> None:
    judge = Judging(case.hub, case.hub.store, clean, real_clock)
    assert judge()
    assert verdicts(case.hub) == ["clean"]
    assert not judge()
    case.work_off()
    assert case.status == "awaiting_bank"


def test_an_application_whose_files_wait_puts_in_no_job_and_their_lot_puts_in_one(
    hub: Hub, submitted: Submit, real_clock: FixedClock
) -> None:
    sent = submitted(ICBC, CMB, files=3)
    assert list_waiting(hub.database.engine) == []
    assert Judging(hub, hub.store, clean, real_clock)()
    [(_, name, argument)] = list_waiting(hub.database.engine)
    assert (name, argument) == ("after_verdict", sent.id)


def test_an_application_whose_files_are_judged_is_screened_at_once(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC, files=0)
    assert [(name, argument) for _, name, argument in list_waiting(hub.database.engine)] == [
        ("screen_application", sent.id)
    ]


def test_what_a_dead_worker_had_in_hand_is_found_by_the_next(case: Case, real_clock: FixedClock) -> None:
    class KilledError(BaseException):
        """The process ends."""

    def die(_chunks: Iterator[bytes], _media_type: MediaType | None) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        Judging(case.hub, case.hub.store, die, real_clock)()
    assert verdicts(case.hub) == ["checking"]
    assert Judging(case.hub, case.hub.store, clean, real_clock)()
    assert verdicts(case.hub) == ["clean"]


def test_two_threads_never_have_the_same_file_in_hand(case: Case, real_clock: FixedClock) -> None:
    for _ in range(BATCH):
        case.upload()
    looked_at: list[bytes] = []

    def inspect(chunks: Iterator[bytes], _media_type: MediaType | None) -> None:
        # Another thread comes while this one has its lot in hand.
        while judge():
            pass
        looked_at.append(b"".join(chunks))

    judge = Judging(case.hub, case.hub.store, inspect, real_clock)
    assert judge()
    assert len(looked_at) == BATCH + 1
    assert verdicts(case.hub) == ["clean"] * (BATCH + 1)


@pytest.mark.parametrize("error", [TryAgain("the scanner is away"), ValueError("a fault of ours")])
def test_a_file_that_cannot_be_judged_waits_and_holds_up_no_other(
    case: Case, real_clock: FixedClock, error: Exception
) -> None:
    spoilt = [True, False]

    def inspect(_chunks: Iterator[bytes], _media_type: MediaType | None) -> None:
        if spoilt.pop(0):
            raise error

    case.upload()
    judge = Judging(case.hub, case.hub.store, inspect, real_clock)
    assert judge()
    assert sorted(verdicts(case.hub)) == ["checking", "clean"]
    assert not judge(), "it was just tried"
    real_clock.at += AGAIN_AFTER + timedelta(seconds=1)
    spoilt.append(False)
    assert judge()
    assert verdicts(case.hub) == ["clean", "clean"]


def test_files_that_cannot_be_judged_do_not_hide_those_behind_them(case: Case, real_clock: FixedClock) -> None:
    here = False

    def inspect(_chunks: Iterator[bytes], _media_type: MediaType | None) -> None:
        if not here:
            raise TryAgain("the scanner is away")

    judge = Judging(case.hub, case.hub.store, inspect, real_clock)
    for _ in range(DRAWN_FROM):
        case.upload()
    for _ in range(DRAWN_FROM):
        assert not judge()
    here = True
    case.upload()
    assert judge()
    assert verdicts(case.hub).count("clean") == 1


def test_a_file_that_was_removed_meanwhile_needs_no_verdict(case: Case) -> None:
    assert judging.judge(case.hub, case.hub.store, clean, ["0" * 32]) == {"0" * 32}


def test_what_the_scanner_knows_is_rejected_and_a_task_that_names_file_and_signature_alone(
    case: Case, real_clock: FixedClock
) -> None:
    def inspect(_chunks: Iterator[bytes], _media_type: MediaType | None) -> Infection:
        return Infection("Pdf.Exploit.Test")

    assert Judging(case.hub, case.hub.store, inspect, real_clock)()
    assert verdicts(case.hub) == ["rejected"]
    with case.hub.reading(HUB) as tx:
        [record] = tx.session.query(EvidenceRecord).all()
        [task] = operator_tasks.open_tasks(tx)
    assert record.reason == "infected"
    assert (task.kind, task.bank_code, task.reference) == ("infected", None, None)
    assert task.params == {"file": record.id, "signature": "Pdf.Exploit.Test"}


def test_what_the_scanner_did_not_look_through_is_rejected_and_one_task_a_day(
    case: Case, real_clock: FixedClock
) -> None:
    case.upload()
    judge = Judging(case.hub, case.hub.store, lambda *_: FileRejectionReason.NOT_SCANNED, real_clock)
    while judge():
        pass
    assert set(verdicts(case.hub)) == {"rejected"}
    with case.hub.reading(HUB) as tx:
        records = tx.session.query(EvidenceRecord).all()
        [task] = operator_tasks.open_tasks(tx)
    assert {record.reason for record in records} == {"not_scanned"}
    assert (task.kind, task.params["times"]) == ("not_scanned", len(records))


def test_an_operator_hears_once_a_day_of_files_that_wait_too_long(case: Case, clock: FixedClock) -> None:
    def look() -> list[tuple[str, object]]:
        with case.hub.writing(HUB) as tx:
            judging.look_for_unjudged(tx)
            return [(each.kind, each.params) for each in operator_tasks.open_tasks(tx)]

    assert look() == []
    clock.at += TOO_LONG + timedelta(seconds=1)
    assert look() == look() == [("not_judged", {"files": 1})]


def test_files_wait_while_the_store_has_none_of_them_and_are_judged_once_it_has(
    hub: Hub, submitted: Submit, real_clock: FixedClock
) -> None:
    submitted(ICBC, files=3)
    folder, disk = hub.settings.home / "evidence", hub.settings.home / "the-disk"
    folder.rename(disk)
    judge = Judging(hub, hub.store, clean, real_clock)
    assert not judge()
    assert verdicts(hub) == ["checking"] * 3
    disk.rename(folder)
    real_clock.at += AGAIN_AFTER
    assert judge()
    assert verdicts(hub) == ["clean"] * 3


def test_a_file_that_is_gone_alone_is_rejected(hub: Hub, submitted: Submit, real_clock: FixedClock) -> None:
    gone = submitted(ICBC, files=3).evidence[0]
    with hub.reading(HUB) as tx:
        hub.store.delete(tx.session.get_one(EvidenceRecord, gone).store_name)
    assert Judging(hub, hub.store, clean, real_clock)()
    assert sorted(verdicts(hub)) == ["clean", "clean", "rejected"]
