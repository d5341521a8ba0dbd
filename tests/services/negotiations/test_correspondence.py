"""Messages, requests for papers and their answers, and records of calls."""

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.application import EvidenceReference
from hub.domain.correspondence import CallRecord, CardholderMessage, Direction
from hub.domain.errors import NotFound, Refused, StatusConflict
from hub.domain.evidence import EvidenceKind
from hub.domain.review import RejectionReason
from hub.domain.staff import Role
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Upload
from hub.services.evidence.recordings import RECORDING
from hub.services.negotiations import approvals, correspondence
from hub.services.negotiations.locking import lock_for_bank
from storage import evidence as evidence_rows
from storage import negotiation_locks
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.conftest import AddClient
from tests.services.case import Case, china, record_of
from tests.services.conftest import OpenCase

CALL = CallRecord(at=china("2026-11-21 09:00"), text="说了可以分期")


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn."""
    return open_case()


@pytest.fixture
def asked(case: Case) -> Case:
    """A negotiation whose bank asked for papers."""
    case.ask()
    return case


def test_a_request_is_open_until_the_bank_closes_on_the_fifth_working_day(asked: Case) -> None:
    shown = asked.view()["evidence_request"]
    assert shown == {
        "kinds": ["bank_statement"],
        "text": "请补充工资流水",
        "due_at": "2026-11-27T18:00:00+08:00",
    }
    assert "银行流水" in str(asked.log()[-1].text)


def test_the_same_request_again_is_answered_and_another_refused(asked: Case) -> None:
    entries = len(asked.log())
    asked.ask()
    assert len(asked.log()) == entries
    with pytest.raises(StatusConflict):
        asked.ask("请补充身份证明")


def test_words_alone_answer_nothing_unless_they_say_so(asked: Case) -> None:
    asked.write("稍等")
    assert asked.status == "awaiting_cardholder"
    asked.write("没有流水", answers=True)
    assert (asked.status, asked.view()["evidence_request"]) == ("in_review", None)


def test_a_file_answers_once_it_is_found_clean(asked: Case) -> None:
    file = asked.upload()
    asked.write("流水在这里", file)
    assert (asked.status, asked.kinds()[-1]) == ("awaiting_cardholder", "delivered")
    asked.work_off()
    assert (asked.status, asked.kinds()[-1]) == ("in_review", "answered")


def test_of_two_files_the_answer_waits_for_both_and_one_clean_one_is_enough(asked: Case) -> None:
    first, second = asked.upload(), asked.upload()
    asked.write("流水在这里", first, second)
    asked.judge(first.id, "unreadable")
    asked.screen()
    assert asked.status == "awaiting_cardholder"
    asked.judge(second.id)
    asked.work_off()
    assert asked.status == "in_review"


def test_files_that_nobody_can_read_are_no_answer_and_the_person_is_told(asked: Case) -> None:
    file = asked.upload()
    asked.write("流水在这里", file)
    asked.judge(file.id, "unreadable")
    asked.work_off()
    assert (asked.status, asked.kinds()[-1]) == ("awaiting_cardholder", "evidence_rejected")
    asked.write("", asked.upload())
    asked.work_off()
    assert asked.status == "in_review"


@pytest.mark.parametrize("judged_before", [True, False])
def test_words_answer_whatever_becomes_of_a_file_sent_before(asked: Case, judged_before: bool) -> None:
    file = asked.upload()
    asked.write("", file)
    if judged_before:
        asked.judge(file.id, "unreadable")
        asked.work_off()
    asked.write("没有别的材料", answers=True)
    assert asked.status == "in_review"


def test_a_file_that_is_clean_already_answers_at_once(asked: Case) -> None:
    file = asked.upload()
    asked.judge(file.id)
    asked.write("", file)
    assert asked.status == "in_review"


def test_not_answered_in_time_the_bank_goes_on_and_may_say_incomplete(asked: Case) -> None:
    with pytest.raises(Refused, match="reason_incomplete_not_allowed"):
        asked.reject(RejectionReason.INCOMPLETE)
    asked.at("2026-11-27 18:00")
    assert asked.status == "awaiting_cardholder"
    asked.at("2026-11-27 18:01")
    assert (asked.status, asked.kinds()[-1]) == ("in_review", "not_answered")
    asked.reject(RejectionReason.INCOMPLETE)
    assert asked.view()["rejection"] == {"reason_code": "incomplete", "text": "收入足够"}


def test_an_answer_given_in_time_is_not_lost_over_a_late_verdict(asked: Case) -> None:
    file = asked.upload()
    asked.clock.at += timedelta(days=5)
    asked.write("流水在这里", file)
    asked.clock.at += timedelta(days=5)
    with asked.hub.writing(HUB) as tx:
        correspondence.lapse_request(tx, asked.id)
    assert asked.status == "awaiting_cardholder"
    asked.judge(file.id)
    asked.sweep()
    assert (asked.status, asked.kinds()[-1]) == ("in_review", "answered")


def test_a_request_whose_late_answer_is_unreadable_lapses_then(asked: Case) -> None:
    file = asked.upload()
    asked.write("流水在这里", file)
    asked.clock.at += timedelta(days=10)
    asked.judge(file.id, "unreadable")
    asked.work_off()
    asked.sweep()
    assert (asked.status, asked.kinds()[-1]) == ("in_review", "not_answered")


@pytest.mark.parametrize("deed", ["offer", "reject", "withdraw"])
def test_a_request_is_over_when_things_go_on_without_an_answer(asked: Case, deed: str) -> None:
    getattr(asked, deed)()
    assert asked.view()["evidence_request"] is None
    asked.at("2026-11-27 19:00")
    assert "not_answered" not in asked.kinds()


def test_a_bank_may_ask_again_after_an_answer(asked: Case) -> None:
    asked.write("没有流水", answers=True)
    asked.ask("请补充身份证明")
    assert asked.view()["evidence_request"]["text"] == "请补充身份证明"


# Messages and files.


def test_a_message_reaches_a_bank_that_has_the_packet_and_the_log_in_any_case(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB, worked_off=False)
    case.write("先说一声")
    case.work_off()
    case.write("您好")
    case.work_off()
    assert simulated.kinds_taken() == ["negotiation.submitted", "negotiation.message", "negotiation.message"]
    told = [message.body.decode() for message in simulated.taken.values()]
    assert ["先说一声" in each for each in told] == [False, True, False]
    assert [entry.text for entry in case.log() if entry.header.kind == "message"] == ["先说一声", "您好"]


def test_a_strangers_file_and_one_given_before_are_refused_with_nothing_given(
    case: Case, add_client: AddClient
) -> None:
    file = case.upload()
    case.write("", file)
    entries = len(case.log())
    stranger = EvidenceReference(id="no-such-file", kind=EvidenceKind.OTHER)
    with pytest.raises(Refused) as refusal:
        case.write("", stranger, file)
    assert [(each.pointer, each.code) for each in refusal.value.faults] == [
        ("/evidence/0/id", "evidence_unknown"),
        ("/evidence/1/id", "evidence_listed_twice"),
    ]
    assert len(case.log()) == entries


def test_text_is_kept_as_it_was_sent(case: Case) -> None:
    text = "𠮷田·阿卜杜拉\r\n\tÉ " + "好" * 4000
    case.write(text)
    [entry] = [each for each in case.log() if each.header.kind == "message"]
    assert entry.text == text


def test_nobody_writes_into_an_ended_or_a_strangers_negotiation(case: Case) -> None:
    with pytest.raises(NotFound), case.hub.writing(case.cardholder) as tx:
        correspondence.write_to_bank(
            tx, case.id, CardholderMessage(text="您好", evidence=(), answers=False), client_id="somebody else"
        )
    with pytest.raises(NotFound), case.hub.writing(case.REVIEWER) as tx:
        correspondence.write_to_cardholder(tx, case.id, "您好", bank_code=CMB)
    case.withdraw()
    with pytest.raises(StatusConflict) as refusal:
        case.write("您好")
    assert refusal.value.status == "withdrawn"


# Calls.


def test_a_persons_own_record_of_a_call_is_in_the_log_even_after_the_end(case: Case) -> None:
    case.withdraw()
    file = case.upload(EvidenceKind.OTHER)
    with case.hub.writing(case.cardholder) as tx:
        entry = correspondence.log_own_call(tx, case.id, CALL, file, client_id=case.client_id)
    assert entry.text is not None
    assert entry.text.startswith("通话时间：2026 年 11 月 21 日 09:00")
    assert [each.id for each in entry.header.attachments] == [file.id]
    assert case.status == "withdrawn"


@pytest.mark.parametrize(
    ("at", "direction", "flagged"),
    [
        ("2026-11-20 21:59", "outbound", False),
        ("2026-11-20 22:00", "outbound", True),
        ("2026-11-21 07:59", "outbound", True),
        ("2026-11-21 08:00", "outbound", False),
        ("2026-11-21 03:00", "inbound", False),
    ],
)
def test_a_banks_call_by_night_is_marked_for_both_sides(asked: Case, at: str, direction: str, flagged: bool) -> None:
    with asked.hub.writing(asked.REVIEWER) as tx:
        row = negotiation_locks.lock(tx, asked.id)
        entry = correspondence.log_call(
            tx, row, CallRecord(at=china(at), text="催还款", direction=Direction(direction)), None
        )
    assert ("22:00 至次日 08:00" in str(entry.text)) is flagged


@pytest.mark.parametrize(
    ("away", "code"), [(timedelta(minutes=6), "time_in_future"), (timedelta(days=-3654), "date_too_long_ago")]
)
def test_no_record_of_a_call_lies_in_the_future_or_far_in_the_past(asked: Case, away: timedelta, code: str) -> None:
    entries = len(asked.log())
    call = CallRecord(at=asked.clock.at + away, text="那天")
    with pytest.raises(Refused, match=f"/at: {code}"), asked.hub.writing(asked.cardholder) as tx:
        correspondence.log_own_call(tx, asked.id, call, None, client_id=asked.client_id)
    assert len(asked.log()) == entries


def test_a_bank_notes_a_call_with_its_recording_which_is_no_answer_of_the_person(
    asked: Case, add_client: AddClient
) -> None:
    bank_client, _ = add_client("bank core", "negotiations:review", bank_code=asked.bank_code)
    sound = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 200
    upload = Upload(
        client_id=bank_client.id,
        subject=None,
        kind=RECORDING,
        file_name="call.mp3",
        declared_type="audio/mpeg",
        length=len(sound),
    )
    left = [sound, b""]
    stored = evidence_files.receive_recording(asked.hub.store, upload, lambda _: left.pop(0) if left else b"")
    file = asked.upload()
    asked.write("流水在这里", file)
    with asked.hub.writing(asked.REVIEWER) as tx:
        evidence_files.keep(tx, stored)
        record = evidence_rows.get_evidence(tx, stored.file.id)
        correspondence.log_call(tx, record_of(tx, asked), CALL, (record, RECORDING))
    asked.judge(stored.file.id)
    asked.judge(file.id, "unreadable")
    asked.work_off()
    assert asked.status == "awaiting_cardholder"


def test_a_bank_sees_only_what_reached_it(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    with pytest.raises(NotFound), case.hub.reading(case.REVIEWER) as tx:
        lock_for_bank(tx, case.id, bank_code=case.bank_code)
    case.work_off()
    with case.hub.writing(case.REVIEWER) as tx:
        assert lock_for_bank(tx, case.id, bank_code=case.bank_code).id == case.id
        with pytest.raises(NotFound):
            approvals.approve(tx, case.id, "no-such-offer", role=Role.SUPERVISOR, bank_code=case.bank_code)
