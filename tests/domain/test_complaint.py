"""A complaint's words: the facts as they are on record, what is asked for, and how long a bank has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.complaint import Complaint, ComplaintCause, Grievance, letter_zh

BEGAN = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
LATE = Grievance(cause=ComplaintCause.NO_ANSWER, began_at=BEGAN, due_at=DUE)
COMPLAINT = Complaint(
    bank_name_zh="中国工商银行",
    cardholder_name="王小明",
    cards=("0007", "1234"),
    reference="XS-20261121-483920",
    agreement_number="",
    opened_at=BEGAN,
    grievances=(LATE,),
    at=DUE + timedelta(days=1),
    entries=9,
    digest="a" * 64,
)


def test_it_names_whom_what_and_since_when_and_asks_for_an_answer_by_the_rules() -> None:
    letter = letter_zh(COMPLAINT)
    assert letter.startswith("中国工商银行消费者权益保护部门：")
    for said in (
        "XS-20261121-483920",
        "尾号 0007、尾号 1234",
        "应当在 2026 年 12 月 1 日 18:00 前答复。截至 2026 年 12 月 2 日 18:00，没有收到。",
        "1. 尽快对本人的申请作出答复",
        "15 日内",
        "延长至 30 日",
        "不超过 60 日",
        "截至第 9 条",
        "投诉人：王小明",
        "日期：2026 年 12 月 2 日",
    ):
        assert said in letter


def test_what_was_answered_late_is_said_with_the_day_on_which_it_came() -> None:
    answered = replace(LATE, answered_at=DUE + timedelta(hours=2))
    letter = letter_zh(replace(COMPLAINT, grievances=(answered,)))
    assert "实际到 2026 年 12 月 1 日 20:00 才收到" in letter
    assert "没有收到" not in letter


@pytest.mark.parametrize(
    ("cause", "detail", "said"),
    [
        (ComplaintCause.COLLECTED, "电话，2026-12-01 09:00，催收公司", "仍被催收（电话，2026-12-01 09:00，催收公司）"),
        (ComplaintCause.NO_CLEARANCE, "", "应当在 2026 年 12 月 1 日 18:00 前出具结清证明"),
        (ComplaintCause.NO_CREDIT_ANSWER, "已结清，信用报告没有更新", "核对信用报告（已结清，信用报告没有更新）"),
    ],
)
def test_each_cause_has_its_words(cause: ComplaintCause, detail: str, said: str) -> None:
    letter = letter_zh(replace(COMPLAINT, grievances=(replace(LATE, cause=cause, detail=detail),)))
    assert said in letter
    assert "{" not in letter


def test_two_of_one_kind_are_told_apart_and_asked_for_once() -> None:
    letter = letter_zh(replace(COMPLAINT, grievances=(LATE, replace(LATE, due_at=DUE - timedelta(days=1)))))
    assert "2. 贵行系统于" in letter
    assert letter.count("尽快对本人的申请作出答复") == 1


def test_without_anything_on_record_a_place_is_left_for_own_words() -> None:
    assert "请在这里写下发生了什么" in letter_zh(replace(COMPLAINT, grievances=()))
