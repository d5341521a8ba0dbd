"""The stop of collection: who confirmed it, and what becomes of a report that somebody collected all the same."""

from datetime import datetime, timedelta

import pytest

from hub.domain.agreement_end import EndReason
from hub.domain.collection import CollectionChannel, CollectionReport, HoldApplied
from hub.domain.errors import AgreementConflict, Refused, StatusConflict
from hub.services.agreements import collection
from hub.services.operating import operator_tasks
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case, china
from tests.services.conftest import OpenCase


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    """A negotiation with an agreement in force, signed on Saturday 2026-11-21 at 10:00."""
    case = open_case()
    case.accept(case.offer())
    return case


def confirm(case: Case, by: str = "甲催收公司", at: datetime | None = None) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        collection.confirm_hold(tx, case.id, HoldApplied(by=by, at=at or case.clock.at), bank_code=case.bank_code)


def report(case: Case, at: datetime | None = None, *, with_file: bool = False) -> str:
    said = CollectionReport(
        at=at or case.clock.at,
        channel=CollectionChannel.PHONE,
        caller="甲催收公司",
        text="今天又打电话来。",
        evidence=(case.upload(),) if with_file else (),
    )
    with case.hub.writing(case.cardholder) as tx:
        return collection.report(tx, case.id, said, client_id=case.client_id).id


def answer(case: Case, report_id: str, text: str = "已通知停止。") -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        collection.answer(tx, case.id, report_id, text, bank_code=case.bank_code)


def test_who_collects_no_more_is_shown_to_the_person_once(agreed: Case) -> None:
    for _ in range(2):
        confirm(agreed)
    confirm(agreed, "本行")
    at = "2026-11-21T10:00:00+08:00"
    assert agreed.view()["agreement"]["hold_applied"] == [{"by": "甲催收公司", "at": at}, {"by": "本行", "at": at}]
    assert agreed.kinds().count("hold_applied") == 2
    assert str(agreed.log()[-1].text).startswith("中国工商银行自")


def test_no_time_that_has_not_come_is_taken(agreed: Case) -> None:
    entries, ahead = len(agreed.log()), agreed.clock.at + timedelta(minutes=6)
    for tell in (lambda: confirm(agreed, at=ahead), lambda: report(agreed, ahead)):
        with pytest.raises(Refused, match="/at: time_in_future"):
            tell()
    assert len(agreed.log()) == entries


def test_what_was_before_the_agreement_did_not_break_it(agreed: Case) -> None:
    entries = len(agreed.log())
    with pytest.raises(Refused, match="/at: before_signing"):
        report(agreed, agreed.clock.at - timedelta(days=1))
    assert len(agreed.log()) == entries
    report(agreed, agreed.clock.at - timedelta(minutes=5))


def test_a_report_is_told_to_everybody_and_its_answer_due_in_three_working_days(agreed: Case) -> None:
    report_id = report(agreed, with_file=True)
    [shown] = agreed.view()["collection_reports"]
    assert (shown["id"], shown["due_at"], shown["answer"]) == (report_id, "2026-11-25T18:00:00+08:00", None)
    assert [each["kind"] for each in shown["evidence"]] == ["bank_statement"]
    assert {mail.reader for mail in agreed.mails("collection_reported")} == {"desk", "supervisors"}
    with agreed.hub.reading(agreed.REVIEWER) as tx:
        [task] = [each for each in operator_tasks.open_tasks(tx) if each.kind == "collected_although_agreed"]
    assert task.bank_code == agreed.bank_code
    entry = agreed.log()[-1]
    assert (entry.header.kind, len(entry.header.attachments)) == ("collection_reported", 1)
    assert "今天又打电话来。" in str(entry.text)


def test_each_report_is_a_task_of_its_own(agreed: Case) -> None:
    assert report(agreed) != report(agreed)
    with agreed.hub.reading(agreed.REVIEWER) as tx:
        assert [each.kind for each in operator_tasks.open_tasks(tx)].count("collected_although_agreed") == 2


def test_the_banks_answer_is_the_persons_to_read_and_stands(agreed: Case) -> None:
    report_id = report(agreed)
    for _ in range(2):
        answer(agreed, report_id)
    [shown] = agreed.view()["collection_reports"]
    assert (shown["answer"], shown["answered_at"]) == ("已通知停止。", "2026-11-21T10:00:00+08:00")
    assert agreed.kinds().count("collection_answered") == 1
    assert len(agreed.mails("collection_answered")) == 1
    with pytest.raises(AgreementConflict, match="already_answered"):
        answer(agreed, report_id, "另有说法。")


def test_a_report_can_be_answered_after_the_end_but_not_made(agreed: Case) -> None:
    report_id = report(agreed)
    agreed.end(EndReason.SETTLED, waive_rest=True)
    answer(agreed, report_id)
    for tell in (lambda: report(agreed), lambda: confirm(agreed)):
        with pytest.raises(StatusConflict):
            tell()


def test_without_an_agreement_nothing_is_reported(open_case: OpenCase) -> None:
    case = open_case()
    with pytest.raises(StatusConflict):
        report(case)
    assert case.view()["collection_reports"] == []


def test_a_banks_system_gets_the_report_as_a_message(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    case.accept(case.offer())
    report(case, china("2026-11-21 09:30"))
    case.work_off()
    [told] = [each for each in simulated.taken.values() if each.kind == "negotiation.message"]
    assert "collection_report" in told.body.decode()


def test_both_sides_can_write_while_an_agreement_is_in_force(agreed: Case) -> None:
    agreed.write("下月可能晚两天。")
    assert "message" in agreed.kinds()
    agreed.end(EndReason.SETTLED, waive_rest=True)
    with pytest.raises(StatusConflict):
        agreed.write("您好")
