"""The agreement: what it refuses to print, what it says by kind, and that every figure stands in the PDF."""

import io
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from hub.documents.agreement_document import (
    TITLES,
    AgreementDocument,
    html_of,
)
from hub.documents.printing import print_pdf
from hub.documents.typesetting import content_digest
from hub.domain.amounts import yuan
from hub.domain.china import spoken_day
from hub.domain.errors import InvalidValue
from hub.domain.repayment import Schedule, ScheduleRow
from hub.domain.terms import Kind, Method
from tests.documents.papers import papers
from tests.documents.samples import HEAD, OFFER_DIGEST, SIGNATURES, agreement, contents, terms_of
from tests.domain.test_log_heads import head as signed_head

PARTS = (
    "一、欠款余额、结构、币种",
    "二、还款周期、方式、币种、日期和每期还款金额",
    "三、还款期间是否计收年费、利息和其他费用",
    "四、未全部结清前，不得向任何银行申领信用卡的承诺",
    "五、双方的权利义务和违约责任",
    "六、与还款有关的其他事项",
)

PAPERS = papers()


def words(text: str) -> str:
    """The text without the blanks and line ends that typesetting put in."""
    return "".join(text.split())


def pages_of(document: AgreementDocument) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(html_of(document))))
    return [words(page.extract_text()) for page in reader.pages]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_its_name_and_the_six_parts_in_order(kind: Kind) -> None:
    html = html_of(agreement(kind))
    assert f"<h1>{TITLES[kind]}</h1>" in html
    # A lowered minimum has no promise, and the parts after it move up.
    parts = PARTS if kind is not Kind.LOWER_MINIMUM else [*PARTS[:3], "四" + PARTS[4][1:], "五" + PARTS[5][1:]]
    places = [html.find(f"<h2>{part}</h2>") for part in parts]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.INSTALMENTS, ["3.79%", "3.73%", "36 期，每月一期，等额本息", "末期 514.63 元"]),
        (Kind.REDUCTION, ["0.00%", "12 期，每月一期，免息等额", "1,541.66 元（末期 1,541.74 元）"]),
        (Kind.DEFERRAL, ["延期</th><td>6 个月", "一次还清 18,833.00 元", "2027 年 6 月 20 日"]),
        (Kind.SETTLEMENT, ["0.00%", "一次还清 18,500.00 元", "2026 年 12 月 20 日"]),
        (
            Kind.LOWER_MINIMUM,
            ['18.25%<span class="aside">　该卡的年利率，照常计收', "最低还款比例</th><td>2.50%", "12 期账单"],
        ),
    ],
)
def test_every_kind_shows_its_key_figures_before_the_first_part(kind: Kind, said: list[str]) -> None:
    key = html_of(agreement(kind)).split(PARTS[0])[0]
    for expected in ("<th>年化利率", "18,500.00 元", "另外减免</th><td>582.00 元", *said):
        assert expected in key, expected


def test_a_missed_payment_how_to_pay_the_clauses_and_the_note_follow_in_that_order() -> None:
    html = html_of(PAPERS["k-very-long-texts"])
    places = [html.find(words) for words in ("没有按时还款时</h3>", "怎样还款</h3>", "征信信息报送", "、方案说明</h2>")]
    assert -1 not in places
    assert places == sorted(places)


def test_the_nominal_and_the_compound_rate_are_called_what_they_are() -> None:
    key = html_of(agreement(Kind.INSTALMENTS)).split(PARTS[0])[0]
    shown = key.partition("年化利率")[2]
    assert shown.index("3.73%") < shown.index("单利，月内部收益率 × 12") < shown.index("3.79%") < shown.index("复利")


def test_the_cost_by_dates_stands_on_the_first_page_where_it_differs() -> None:
    by_dates = "复利，按实际还款日期"
    assert by_dates in html_of(agreement(Kind.DEFERRAL)).split(PARTS[0])[0]
    assert by_dates not in html_of(agreement())


def test_a_lower_minimum_has_no_schedule() -> None:
    assert 'class="schedule' not in html_of(agreement(Kind.LOWER_MINIMUM))


@pytest.mark.parametrize("kind", Kind)
def test_all_words_of_the_contents_are_on_paper(kind: Kind) -> None:
    document = agreement(kind)
    html = html_of(document).replace("\u00a0", " ")
    for name in ("balance", "payments", "charges", "promise", "rights_and_duties", "default_clause",
                 "payment_instructions", "signature", "missed_payment"):  # fmt: skip
        for line in getattr(document.contents, f"{name}_zh").splitlines():
            assert f"<p>{line}</p>" in html, line


def test_no_line_ends_between_a_number_and_its_unit() -> None:
    html = html_of(agreement())
    assert "18,500.00\u00a0元；发卡银行减免利息 462.00\u00a0元" in html
    assert "2026\u00a0年\u00a012\u00a0月\u00a020\u00a0日起" in html


def scheduled(*totals: int) -> AgreementDocument:
    rows = tuple(
        ScheduleRow(number=number, due_on=date(2027, 1, number), principal_fen=total, interest_fen=0,
                    fee_fen=0, total_fen=total, remaining_fen=sum(totals[number:]))
        for number, total in enumerate(totals, start=1)
    )  # fmt: skip
    terms = terms_of(Kind.REDUCTION, principal_fen=sum(totals), instalments=len(totals))
    return agreement(contents=replace(contents(terms), schedule=Schedule(rows=rows, total_fen=sum(totals))))


@pytest.mark.parametrize(
    ("totals", "phrase"),
    [
        ([100], "1.00 元"),
        ([100, 100, 100], "1.00 元"),
        ([100, 100, 101], "1.00 元（末期 1.01 元）"),
        ([100, 90], "1.00 元（末期 0.90 元）"),
        ([100, 90, 80], "首期 1.00 元，末期 0.80 元，各期见第二部分"),
    ],
)
def test_each_payment_is_said_in_a_phrase(totals: list[int], phrase: str) -> None:
    assert scheduled(*totals).each_payment == phrase


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"total_fen": 101}, "document_payment_sum"),
        ({"interest_fen": 1}, "document_payment_sum"),
        ({"remaining_fen": 99}, "document_payment_sum"),
        ({"principal_fen": 99, "total_fen": 99}, "document_incomplete"),
        ({"interest_fen": 1, "total_fen": 101}, "document_schedule_sum"),
    ],
)
def test_a_schedule_that_does_not_add_up_is_refused(row: dict[str, Any], code: str) -> None:
    document = scheduled(100, 100)
    first, last = document.contents.schedule.rows
    schedule = replace(document.contents.schedule, rows=(replace(first, **row), last))
    with pytest.raises(InvalidValue, match=code):
        agreement(contents=replace(document.contents, schedule=schedule))


def test_an_agreement_that_lacks_a_part_is_refused() -> None:
    with pytest.raises(InvalidValue, match="document_incomplete"):
        agreement(contents=replace(agreement().contents, default_clause_zh=" "))


def test_an_agreement_without_a_way_of_signing_is_refused() -> None:
    with pytest.raises(InvalidValue, match="document_incomplete"):
        replace(SIGNATURES, bank_method="")


def test_a_time_must_know_its_offset() -> None:
    with pytest.raises(InvalidValue, match="document_time_without_offset"):
        agreement(signed_at=datetime(2026, 11, 21))  # noqa: DTZ001 - what is refused


def test_what_people_typed_is_escaped() -> None:
    mark = "<script>alert(1)</script>"
    terms = terms_of(Kind.INSTALMENTS, note=mark)
    html = html_of(agreement(cardholder_name=mark, bank_name_zh=mark, terms=terms))
    assert mark not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 8


def test_the_digest_follows_the_content() -> None:
    document = agreement()
    assert content_digest(document) == content_digest(agreement())
    assert content_digest(document) in html_of(document)
    assert content_digest(document) != content_digest(replace(document, cardholder_name="王小朋"))


@pytest.mark.slow
def test_every_figure_stands_in_the_pdf() -> None:
    terms = terms_of(Kind.INSTALMENTS, instalments=60, method=Method.EQUAL_PRINCIPAL)
    document = agreement(terms=terms)
    pages = pages_of(document)
    whole = "".join(pages)
    assert len(pages) == 5
    assert len(document.contents.schedule.rows) == 61
    for row in document.contents.schedule.rows:
        label = str(row.number) if row.number else "签署后"
        amounts = (row.principal_fen, row.interest_fen, row.fee_fen, row.total_fen, row.remaining_fen)
        assert words(f"{label}{spoken_day(row.due_on)}" + "".join(map(yuan, amounts))) in whole
    for expected in (
        "尾号0007人民币18,500.00462.000.00120.0019,082.002026年11月20日", document.number, document.reference,
        document.cardholder_name, document.id_number, "138****8000", HEAD.digest, OFFER_DIGEST,
        content_digest(document), "共人民币582.00元",
    ):  # fmt: skip
        assert expected in whole, expected


@pytest.mark.slow
def test_the_first_page_shows_the_key_figures_and_every_page_its_number() -> None:
    pages = pages_of(agreement())
    for expected in (
        "年化利率（内部收益率法）3.73%", "3.79%", "年利率3.60%（合同利率）", "分期本金18,500.00元",
        "签署后先还1,000.00元",
        "36期，每月一期，等额本息", "514.56元（末期514.63元）", "2026年12月20日至2029年11月20日",
        "还款总额19,524.23元，其中利息988.22元，费用36.01元", "另外减免582.00元",
    ):  # fmt: skip
        assert expected in pages[0], expected
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页/共{len(pages)}页" in page


@pytest.mark.slow
def test_the_table_head_is_repeated_on_every_page_of_a_long_schedule() -> None:
    head = "期数还款日本金利息费用应还合计剩余本金"
    pages = pages_of(agreement(terms=terms_of(Kind.INSTALMENTS, instalments=60)))
    rows = [page for page in pages if re.search(r"20\d\d年\d+月20日[\d,]+\.\d\d", page)]
    assert len(rows) == 2
    assert all(head in page for page in rows)


@pytest.mark.slow
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_prints_and_no_page_holds_signatures_alone(kind: Kind) -> None:
    pages = pages_of(agreement(kind))
    assert words(TITLES[kind]) in pages[0]
    last = next(page for page in pages if OFFER_DIGEST in page)
    assert "签署双方同意以电子方式签署本协议" in last


@pytest.mark.slow
def test_the_pdf_says_what_it_is_and_can_be_read_aloud() -> None:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(html_of(agreement()))))
    root: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "个性化分期还款协议 XY-20261121-000042"
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    chapters: Any = reader.outline[1]
    titles = [item.title for item in chapters if not isinstance(item, list)]
    assert titles == ["本协议要点", *PARTS, "七、其他约定", "签署"]


@pytest.mark.slow
def test_the_longest_names_the_largest_sums_and_a_rare_character_print() -> None:
    document = agreement(
        cardholder_name="阿卜杜热合曼·买买提伊明·吐尔逊" * 4 + "𱍐",
        bank_name_zh="Bank of Somewhere Very Far (China) Company Limited" * 2,
        terms=terms_of(Kind.INSTALMENTS, principal_fen=10**12, annual_rate_percent=Decimal(100)),
    )
    whole = "".join(pages_of(document))
    for row in document.contents.schedule.rows:
        assert yuan(row.interest_fen) in whole
    assert "吐尔逊〔U+31350〕" in whole


def test_a_card_is_shown_by_its_first_six_and_last_four_where_it_is_known() -> None:
    assert "尾号 0007" in html_of(agreement())
    html = html_of(agreement(cards={"0007": "622210******0007"}))
    assert "622210******0007" in html
    assert "尾号 0007" not in html


@pytest.mark.parametrize("kind", Kind)
def test_article_70_is_named_by_its_own_plans_alone(kind: Kind) -> None:
    html = html_of(agreement(kind))
    assert ("第七十条" in html) is (kind in (Kind.INSTALMENTS, Kind.REDUCTION))
    assert ("第五百四十三条" in html) is (kind not in (Kind.INSTALMENTS, Kind.REDUCTION))
    assert ("申领信用卡" in html) is (kind is not Kind.LOWER_MINIMUM)


def test_the_newest_signed_head_of_the_log_is_printed_where_there_is_one() -> None:
    head = signed_head(3)
    html = html_of(agreement(signed_head=head))
    assert all(each in html for each in ("第 3 号", head.key_id, head.root, head.signature[:16]))
    assert "签署首部" not in html_of(agreement())
