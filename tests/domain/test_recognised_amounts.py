"""Amounts in what a machine read of a paper: what is taken for one, under which label, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.evidence import EvidenceKind
from hub.domain.recognised_amounts import MOST_AMOUNTS, MOST_FEN, MOST_LABEL, RecognisedAmount, amounts_in, is_read


def read(text: str) -> list[tuple[str, int]]:
    return [(each.label, each.amount_fen) for each in amounts_in([text])]


@pytest.mark.parametrize(
    ("text", "label", "fen"),
    [
        ("实发工资 8,400.00", "实发工资", 840_000),
        ("实发工资：￥1234", "实发工资", 123_400),
        ("实发工资 ¥ 1,234.56 元", "实发工资", 123_456),
        ("实 发 工 资 1, 234. 56", "实发工资", 123_456),
        ("基本工资 8000", "基本工资", 800_000),
        ("应发合计 “9,234.56", "应发合计", 923_456),
        ("养老保险 ” -738.76", "养老保险", 73_876),
        ("个人所得税”95.80", "个人所得税", 9_580),
        ("实发工资 半8,400.00", "实发工资", 840_000),
        ("实发工资 兰 8,400.00", "实发工资", 840_000),
        ("实发\uff1a\uff18\uff0c\uff14\uff10\uff10\uff0e\uff15\uff10", "实发", 840_050),
        ("年收入 12.5万元", "年收入", 12_500_000),
        ("月收入人民币 6500 元整", "月收入人民币", 650_000),
        ("实发工资\n\n8,400.00", "实发工资", 840_000),
        ("Net pay 8,400.00", "pay", 840_000),
        ("实发......8,400.00", "实发", 840_000),
        ("8,400.00", "", 840_000),
        ("补贴 0.5元", "补贴", 50),
        ("余额 99,999,999.99", "余额", MOST_FEN),
    ],
)
def test_an_amount_is_taken_with_what_stands_before_it(text: str, label: str, fen: int) -> None:
    assert read(text) == [(label, fen)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026年10月",
        "日期 2026-10-31 14:05",
        "2026.10.31",
        "电话 13812345678",
        "身份证号 11010519491231002X",
        "卡号 6222 0212 3456 7890",
        "工号 10023",
        "出勤 21 天",
        "税率 3.5%",
        "税率 12.50%",
        "第 3 页",
        "余额 0.00",
        "余额 100,000,000.00",
        "工资 123456789",
        "12,34,56",
        "版本 1.234",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert read(text) == []


def test_a_line_of_several_has_each_with_its_own_label() -> None:
    text = "姓名 张三 基本工资 8,000.00 绩效 1,234.56\n2026年10月 实发合计 8,400.00"
    assert read(text) == [("基本工资", 800_000), ("绩效", 123_456), ("实发合计", 840_000)]


def test_they_come_in_the_order_of_the_pages_and_each_once() -> None:
    pages = ["实发工资 8,400.00\n奖金 500.00", "", "实发工资 8,400.00\n实发工资 8,500.00"]
    assert amounts_in(pages) == (
        RecognisedAmount(label="实发工资", amount_fen=840_000, page=1),
        RecognisedAmount(label="奖金", amount_fen=50_000, page=1),
        RecognisedAmount(label="实发工资", amount_fen=850_000, page=3),
    )


@pytest.mark.parametrize(
    ("kind", "is_looked_at"),
    [
        (EvidenceKind.PAYSLIP, True),
        (EvidenceKind.BANK_STATEMENT, True),
        (EvidenceKind.MEDICAL_BILL, True),
        (EvidenceKind.IDENTITY, False),
        (EvidenceKind.CREDIT_REPORT, False),
        (EvidenceKind.OTHER, False),
        ("recording", False),
    ],
)
def test_papers_about_the_month_are_read_and_no_others(kind: str, is_looked_at: bool) -> None:
    assert is_read(kind) is is_looked_at


@given(st.lists(st.text(alphabet="实发工资元万¥￥.,-: 0123456789\n x“", max_size=300), max_size=3))
def test_whatever_was_read_what_is_found_is_bounded(pages: list[str]) -> None:
    found = amounts_in(pages)
    assert len(found) <= MOST_AMOUNTS
    for each in found:
        assert 0 < each.amount_fen <= MOST_FEN
        assert len(each.label) <= MOST_LABEL
        assert 1 <= each.page <= len(pages)


def test_no_more_than_a_file_has_use_for() -> None:
    assert len(amounts_in(["\n".join(f"工资 {n},000.00" for n in range(1, 200))])) == MOST_AMOUNTS


@given(st.integers(min_value=1, max_value=MOST_FEN))
def test_every_amount_that_is_printed_with_thousands_is_read_as_it_is(fen: int) -> None:
    assert read(f"实发工资 {fen // 100:,}.{fen % 100:02d}") == [("实发工资", fen)]
