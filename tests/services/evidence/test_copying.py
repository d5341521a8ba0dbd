"""Files that were judged before there were copies of them: no bank gets them until they have theirs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from hub.domain.active_content import ActiveContent
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import DocumentNotReady, NotFound, TryAgain
from hub.domain.evidence import CleanCopy, Infection, MediaType
from hub.domain.plain import Plain
from hub.services.applications import screening
from hub.services.delivery import packets, sending
from hub.services.evidence import copying, evidence_files, judging
from hub.services.evidence.copying import Copying
from hub.services.operating import invariants, operator_tasks
from hub.services.reading.bank import evidence as reading
from hub.services.reading.bank import files
from storage import clean_copies, deliveries
from storage.records import CleanCopyRecord, DeliveryRecord, WantedCopyRecord
from tests.applications import ICBC, pdf
from tests.services.case import Case
from tests.services.conftest import OpenCase

CLEAN = CleanCopy(
    media_type=MediaType.PDF,
    content=b"%PDF-1.7 pages alone",
    removed=(ActiveContent.SCRIPT, ActiveContent.METADATA),
    was_signed=True,
)


def without_copies(case: Case) -> None:
    """The hub is as one was that made no copies of PDFs, after its upgrade."""
    with case.hub.writing(HUB) as tx:
        for copy in tx.session.scalars(sa.select(CleanCopyRecord)):
            tx.session.delete(copy)
            clean_copies.want(tx, copy.id)


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn, whose only file has no copy."""
    case = open_case()
    without_copies(case)
    return case


@pytest.fixture
def file(case: Case) -> str:
    """The id of that file."""
    return case.sent.evidence[0]


def in_packet(case: Case) -> list[Plain]:
    with case.row() as (tx, row):
        found: list[Plain] = packets.packet_of(tx, row)["evidence"]
    return found


def copy(case: Case, evidence_id: str, finding: str | CleanCopy | None = CLEAN) -> None:
    copying.make_copy(case.hub, case.hub.store, lambda *_: finding, evidence_id)


def test_until_the_copy_is_there_the_bank_is_told_that_it_is_being_prepared(case: Case, file: str) -> None:
    assert in_packet(case) == []
    with case.hub.writing(case.REVIEWER) as tx:
        [shown] = reading.list_case_files(tx, case.id, bank_code=ICBC)
        assert (shown.is_prepared, shown.has_thumbnail, shown.sha256) == (False, False, "")
        viewed = reading.look_at(tx, case.id, file, number=1, bank_code=ICBC)
        assert (viewed.page, viewed.is_waiting, viewed.can_be_saved) == (None, True, False)
        assert viewed.reason == "preparing"
        with pytest.raises(DocumentNotReady):
            files.evidence(tx, case.hub.store, case.id, file, bank_code=ICBC)
        with pytest.raises(NotFound):
            reading.page_content(tx, case.hub.store, case.id, file, 1, bank_code=ICBC)
        with pytest.raises(NotFound):
            reading.thumbnail(tx, case.id, file, bank_code=ICBC)
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_once_it_is_there_the_bank_gets_it(case: Case, file: str) -> None:
    copy(case, file)
    case.work_off()
    [named] = in_packet(case)
    assert named["size"] == len(CLEAN.content)
    with case.hub.writing(case.REVIEWER) as tx:
        given = files.evidence(tx, case.hub.store, case.id, file, bank_code=ICBC)
        assert b"".join(given.chunks) == CLEAN.content
        [shown] = reading.list_case_files(tx, case.id, bank_code=ICBC)
        assert (shown.removed, shown.was_signed) == (CLEAN.removed, True)
        assert tx.session.get(WantedCopyRecord, file) is None


def test_a_copy_is_made_once_whoever_comes_second(case: Case, file: str) -> None:
    copy(case, file)
    copy(case, file, CleanCopy(media_type=MediaType.PDF, content=b"another"))
    with case.hub.reading(HUB) as tx:
        assert tx.session.get_one(CleanCopyRecord, file).size == len(CLEAN.content)


def test_a_file_that_can_have_no_copy_keeps_its_verdict_and_stays_with_the_hub(case: Case, file: str) -> None:
    copy(case, file, "unreadable")
    with case.hub.writing(case.REVIEWER) as tx:
        viewed = reading.look_at(tx, case.id, file, number=1, bank_code=ICBC)
        assert (viewed.is_waiting, viewed.reason, viewed.can_be_saved) == (False, "unreadable", False)
        with pytest.raises(NotFound):
            files.evidence(tx, case.hub.store, case.id, file, bank_code=ICBC)
        assert evidence_files.view(tx, file, client_id=case.client_id)["status"] == "clean"
        assert [each.subject for each in invariants.breaches(tx, case.hub.store)] == [file]


def test_a_worker_that_cannot_now_tries_later_and_holds_up_no_other(case: Case, file: str) -> None:
    def away(_chunks: Iterator[bytes], _media_type: MediaType | None) -> CleanCopy:
        raise TryAgain("no scanner")

    clock = FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    assert not Copying(case.hub, case.hub.store, away, clock)()
    assert Copying(case.hub, case.hub.store, lambda *_: CLEAN, clock)()
    with case.hub.reading(HUB) as tx:
        assert tx.session.get_one(CleanCopyRecord, file).was_signed


def test_a_file_taken_back_before_its_copy_was_made_leaves_nothing(case: Case) -> None:
    sent = case.upload()
    case.judge(sent.id, None)
    with case.hub.writing(case.cardholder) as tx:
        assert clean_copies.waiting_among(tx, [sent.id]) == {sent.id}
        evidence_files.remove(tx, sent.id, client_id=case.client_id)
        assert tx.session.get(WantedCopyRecord, sent.id) is None


def test_an_application_waits_for_the_copies_of_its_files(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    [file] = case.sent.evidence
    case.judge(file, None)
    screening.after_verdict(case.hub, lambda _: pdf(), case.hub.store, case.sent.id)
    assert case.status == "screening"
    copy(case, file)
    case.work_off()
    assert case.status == "awaiting_bank"
    assert [each["id"] for each in in_packet(case)] == [file]


@pytest.fixture
def waits(case: Case) -> Callable[[timedelta], bool]:
    """Whether the message of the application waits, so much later than when it was asked last."""

    def ask(later: timedelta) -> bool:
        case.clock.at += later
        with case.hub.writing(HUB) as tx:
            [record] = tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == case.id))
            assert case.sent.evidence[0] in str(deliveries.body_of(tx, record))
            return sending.waits_for_verdicts(tx, record)

    return ask


def test_a_message_waits_a_day_for_the_copies_of_the_files_it_names(waits: Callable[[timedelta], bool]) -> None:
    assert waits(timedelta(hours=23))
    assert not waits(timedelta(hours=2))


def test_what_was_frozen_before_stays_as_it_is_and_travels_with_the_copy(case: Case, file: str) -> None:
    with case.hub.reading(HUB) as tx:
        [record] = tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == case.id))
        before = sending.message_of(tx, case.hub.store, record)
        assert file not in {each.id for each in before.enclosures}
    copy(case, file)
    with case.hub.reading(HUB) as tx:
        after = sending.message_of(tx, case.hub.store, tx.session.get_one(DeliveryRecord, record.id))
        assert after.body == before.body
        [enclosed] = [each for each in after.enclosures if each.id == file]
        assert b"".join(enclosed.read()) == CLEAN.content


def test_files_that_wait_long_are_an_operators_to_look_into(case: Case) -> None:
    case.clock.at += timedelta(hours=1)
    with case.hub.reading(HUB) as tx:
        assert clean_copies.count_waiting_since(tx, tx.now - judging.TOO_LONG) == 1


def test_the_log_says_of_a_pdf_that_came_with_a_message_what_was_taken_out_and_that_it_was_signed(case: Case) -> None:
    sent = case.upload()
    case.write("流水", sent)
    case.judge(sent.id, CLEAN)
    case.work_off()
    [said] = [each for each in case.log() if each.header.kind == "signed_pdf_copied"]
    assert said.text == (
        "PDF 文件已生成提供给银行的副本，页面看起来和原来一样，去掉的内容：脚本、文件属性；原件不变。"
        "原文件带有电子签名，签名只能用原件核验。"
    )
    named = [(each.id, each.kind) for entry in case.log() for each in entry.header.attachments if each.id == sent.id]
    assert named == [(sent.id, "evidence"), (sent.id, "clean_copy"), (sent.id, "viewing_pages")]


def test_what_the_scanner_learnt_of_since_is_a_task_and_no_copy(case: Case, file: str) -> None:
    for _ in range(2):
        copying.make_copy(case.hub, case.hub.store, lambda *_: Infection("Pdf.Exploit.New"), file)
    with case.hub.reading(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
        wanted = tx.session.get(WantedCopyRecord, file)
        assert wanted is not None
        assert wanted.reason == "infected"
    assert (task.kind, task.params) == ("infected", {"file": file, "signature": "Pdf.Exploit.New"})
