"""Who comes, and what is reported of a visit: two of the bank's own people, and no money."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.china import china_instant
from hub.domain.errors import Refused
from hub.domain.money_words import asks_for_money, is_money_field, names_a_sum
from hub.domain.visit import (
    IdentityFound,
    Move,
    PaperHandling,
    PaperSeen,
    Receipt,
    Visitor,
    VisitReport,
    report_due_at,
    staff_faults,
)

BRANCH, VIDEO, HOME = AppointmentKind
SIGN, PAPERS = AppointmentPurpose.SIGN, AppointmentPurpose.PAPERS
KNOWN = ["A1", "A2", "A3"]


def report(**more: Any) -> VisitReport:
    return VisitReport(**{"identity": IdentityFound.MATCHED, **more})


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        (["A1", "A2"], []),
        ([], ["two_staff_needed"]),
        (["A1"], ["two_staff_needed"]),
        (["A1", "A1"], ["two_staff_needed"]),
        (["A1", "a1"], ["two_staff_needed"]),
        (["A1", "A-1"], ["two_staff_needed"]),
        (["A1", ""], ["two_staff_needed"]),
        (["A1", "A2", "A3"], ["two_staff_needed"]),
        # Of another bank, or of an agency: nobody whom the bank has named.
        (["A1", "B7"], ["staff_unknown"]),
    ],
)
def test_two_different_people_of_the_bank_come(numbers: list[str], codes: list[str]) -> None:
    assert [each.code for each in staff_faults(numbers, known=KNOWN)] == codes


@pytest.mark.parametrize(
    "text", ["收了500元", "￥200", "付了 3,000.00 元", "两千块", "RMB 20", "现收三百元", "paid 50 yuan"]
)
def test_a_sum_is_found_in_words(text: str) -> None:
    assert names_a_sum(text)
    with pytest.raises(Refused, match="cash_refused"):
        report(note=text)


@pytest.mark.parametrize("text", ["客户看了 3 份材料", "12 月 1 日再来", "不收现金,已说明", "第二页第三条"])
def test_other_numbers_are_no_sums(text: str) -> None:
    assert not names_a_sum(text)
    assert report(note=text).note == text


@pytest.mark.parametrize(
    "text",
    ["已收现金", "请带现金", "来收 5,000 元现金", "带两千块钱现金", "请扫收款码", "上门催收", "please bring cash"],
)
def test_cash_is_found_in_words(text: str) -> None:
    assert asks_for_money(text)
    with pytest.raises(Refused, match="cash_refused"):
        report(papers=(PaperSeen(name=text, handling=PaperHandling.SHOWN),))


def test_no_words_of_a_bank_bring_money_into_a_visit() -> None:
    with pytest.raises(Refused, match="cash_refused"):
        Move(slot_id="s", staff=("A1", "A2"), text="改到下午，请带现金 500 元")
    assert Move(slot_id="s", staff=("A1", "A2"), text="改到下午").text == "改到下午"
    with pytest.raises(Refused, match="cash_refused"):
        report(receipt=Receipt(number="收到 500 元"))
    with pytest.raises(Refused, match="cash_refused"):
        report(recording_reference="￥500")


def test_a_page_of_blanks_behind_a_figure_is_read_through_once() -> None:
    # Parted in every way that it can be, it took half a minute.
    assert not names_a_sum(f"{'1' * 1000}{' ' * 1000}x")
    assert names_a_sum(f"500{' ' * 1000}百 元")


@pytest.mark.parametrize("name", ["amount", "amount_fen", "Cash", "paid-fen", "现金", "received_fen"])
def test_fields_for_money_are_known(name: str) -> None:
    assert is_money_field(name)


@pytest.mark.parametrize("name", ["papers", "receipt", "signed", "note", "staff"])
def test_other_fields_are_not(name: str) -> None:
    assert not is_money_field(name)


@pytest.mark.parametrize(
    ("kind", "purpose", "said", "codes"),
    [
        (BRANCH, PAPERS, {}, []),
        (VIDEO, PAPERS, {}, ["recording_reference_needed"]),
        (VIDEO, PAPERS, {"recording_reference": "R-1"}, []),
        (HOME, PAPERS, {"recording_reference": "R-1"}, ["recording_of_video_only"]),
        (BRANCH, SIGN, {"signed": True}, []),
        (BRANCH, SIGN, {"signed": True, "identity": IdentityFound.FAILED}, ["sign_closed"]),
        (BRANCH, SIGN, {"signed": False, "identity": IdentityFound.FAILED}, []),
        (BRANCH, PAPERS, {"signed": True}, ["not_for_signing"]),
    ],
)
def test_what_fits_an_appointment(
    kind: AppointmentKind, purpose: AppointmentPurpose, said: dict[str, Any], codes: list[str]
) -> None:
    if not codes:
        report(**said).require_fits(kind, purpose)
        return
    with pytest.raises(Refused) as caught:
        report(**said).require_fits(kind, purpose)
    assert [each.code for each in caught.value.faults] == codes


def test_a_report_is_due_the_same_day_at_20() -> None:
    begins = datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert report_due_at(begins) == china_instant(date(2026, 12, 1), time(20))


def test_a_mail_has_the_first_sign_of_a_name() -> None:
    assert Visitor(number="A1", name="王小明").initial == "王"


@pytest.mark.parametrize("number", ["", "A 1", "工号", "A" * 21])
def test_a_number_that_no_badge_bears(number: str) -> None:
    with pytest.raises(Refused, match="visitor_number"):
        Visitor(number=number, name="王小明")
