"""The application form: what the page says, what it leaves out, and that the PDF holds every figure."""

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from hub.documents.application_form import AccountRow, ApplicationForm, ProposalTable, html_of
from hub.documents.printing import print_pdf
from hub.documents.typesetting import content_digest, file_size, moment
from hub.domain.amounts import yuan
from hub.domain.errors import InvalidValue
from hub.domain.terms import Kind, Waived
from tests.documents.samples import AT, HEAD, application_form

DAY = "2026 年 12 月 20 日"


def pages_of(form: ApplicationForm) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(html_of(form))))
    return ["".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize(
    ("amount_fen", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (100, "1.00"),
        (123456789, "1,234,567.89"),
        (-1050, "−10.50"),
        (10**12, "10,000,000,000.00"),
    ],
)
def test_money_is_yuan_with_two_decimals_and_separators(amount_fen: int, text: str) -> None:
    assert yuan(amount_fen) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "1 KB"), (1, "1 KB"), (301000, "294 KB"), (1 << 20, "1.0 MB"), (10 << 20, "10.0 MB")],
)
def test_sizes_are_rounded(size: int, text: str) -> None:
    assert file_size(size) == text


def test_times_are_chinas() -> None:
    assert moment(AT) == "2026 年 11 月 21 日 10:00:00"


def test_the_form_shows_every_part() -> None:
    html = html_of(application_form())
    for expected in (
        "XS-20261121-483920",
        "中国工商银行",
        "Industrial and Commercial Bank of China",
        "银行 App",
        "王小明",
        "1101************2X",
        "138****8000",
        "短信，工作日 18:00 以后",
        "王大明（父亲），139****0001",
        "听力不便、希望家人陪同",
        "622210******0007",
        "2026 年 8 月 12 日",
        "1,253,652.90",
        "疾病、收入下降，从 2026 年 6 月 1 日起",
        "<p>出院后会回到原来的岗位。</p>",
        "工资 6,000.00；其他 200.00",
        "每月剩余",
        "1,200.00",
        "个性化分期",
        "36 期",
        "530.00 元",
        "2026 年 12 月 20 日",
        "1,000.00 元",
        "希望减免",
        "希望每月 20 日还款",
        "十月工资单.pdf",
        "ab12ab12ab12ab12<",
        "给银行的提示：还没有收到能说明以下情况的材料：失业、收入。",
        "所填内容真实",
        "2026-11",
        "提交申请不代表银行已经同意",
        "2026 年 11 月 21 日 10:00:09",
        HEAD.digest,
    ):
        assert expected in html, expected


def test_the_form_says_what_sending_does_and_that_it_is_free() -> None:
    html = html_of(application_form())
    assert "提交申请即表示承认以上欠款，诉讼时效会重新计算" in html
    assert "本服务不向申请人收取任何费用" in html


def test_what_is_not_there_is_left_out_or_said_plainly() -> None:
    form = application_form()
    account = AccountRow(card="622210******0007", principal_fen=1, interest_fen=0, fees_fen=0, penalty_fen=0,
                         overdue_since=None)  # fmt: skip
    bare = replace(
        form, accounts=(account,), evidence=(), missing_papers=(), support_needs=(), hardship_since=None,
        hardship_description="",
        applicant=replace(form.applicant, email="", contact_wishes="", representative=""),
        proposal=replace(form.proposal, instalments=None, monthly_payment_fen=None, first_due_on=None,
                         down_payment_fen=0, waive_interest=False, note=""),
    )  # fmt: skip
    html = html_of(bare)
    for absent in ("合计</td>", "协助人", "需要照顾", "给银行的提示", "<th>说明</th>", 'class="said"'):
        assert absent not in html, absent
    for said in ("申请人暂时没有提交材料", "没有提出", "未指定", "未填写"):
        assert said in html, said


@pytest.mark.parametrize(
    ("kind", "given", "rows", "waiver"),
    [
        (
            Kind.REDUCTION,
            {"instalments": 12, "monthly_payment_fen": 53000, "down_payment_fen": 100},
            [("期数", "12 期"), ("每月还款", "530.00 元"), ("首次还款日", DAY), ("签署后先还", "1.00 元")],
            "没有提出",
        ),
        (
            Kind.REDUCTION,
            {"waived": Waived(principal_fen=100, fees_fen=5), "waive_interest": True},
            [("期数", "未指定"), ("每月还款", "未指定"), ("首次还款日", DAY), ("签署后先还", "没有")],
            "全部利息和违约金，本金 1.00 元，费用 0.05 元",
        ),
        (Kind.DEFERRAL, {"months": 6, "instalments": 36}, [("延期", "6 个月"), ("原到期日", DAY)], "没有提出"),
        (Kind.DEFERRAL, {"waive_interest": True}, [("延期", "未指定"), ("原到期日", DAY)], "全部利息和违约金"),
        (Kind.SETTLEMENT, {"months": 6}, [("结清金额", "未指定"), ("还款日", DAY)], "没有提出"),
        (
            Kind.SETTLEMENT,
            {"settlement_fen": 900_000},
            [("结清金额", "9,000.00 元"), ("还款日", DAY)],
            "其余全部欠款",
        ),
        (
            Kind.LOWER_MINIMUM,
            {"minimum_percent": Decimal(5), "months": 12},
            [("最低还款比例", "5.00%"), ("适用期间", "12 个月"), ("开始日", DAY)],
            "没有提出",
        ),
    ],
)
def test_a_proposal_shows_every_figure_of_its_kind_and_none_of_another(
    kind: Kind, given: dict[str, Any], rows: list[tuple[str, str]], waiver: str
) -> None:
    asked = ProposalTable(kind=kind, kind_label="方案", first_due_on=date(2026, 12, 20), **given)
    assert list(asked.rows) == [*rows, ("希望减免", waiver)]
    html = html_of(replace(application_form(), proposal=asked))
    part = html.partition("五、申请人的还款想法")[2].partition("<h2>")[0]
    assert all(label in part and words in part for label, words in rows)
    assert part.count("<th>") == len(rows) + 2


def test_an_unusual_check_digit_is_told_to_the_bank() -> None:
    form = application_form()
    assert "校验位" not in html_of(form)
    printed = replace(form, accounts=tuple(replace(each, as_printed=True) for each in form.accounts[:1]))
    assert f"卡号 {form.accounts[0].card} 的校验位不合通常规则" in html_of(printed)


def test_what_is_said_of_a_card_stands_below_it_and_what_is_unusual_is_told_to_the_bank() -> None:
    row = AccountRow(card="622210******0007", principal_fen=1, interest_fen=0, fees_fen=0, penalty_fen=0,
                     overdue_since=None, lines=("本金中：账单分期 0.01 元（剩余 72 期）",),
                     notes=("账单分期的剩余期数超过 60 期，请核实。",))  # fmt: skip
    html = html_of(application_form(accounts=(row,)))
    assert '<td colspan="7">本金中：账单分期 0.01 元（剩余 72 期）</td>' in html
    assert "给银行的提示：卡号 622210******0007 的账单分期的剩余期数超过 60 期，请核实。" in html
    assert "账单分期" not in html_of(application_form())


def test_a_month_that_does_not_reach_is_said_so() -> None:
    form = application_form()
    html = html_of(replace(form, finances=replace(form.finances, monthly_income_fen=0)))
    assert "每月不足" in html
    assert "−5,000.00" in html


def test_a_corrected_form_says_so() -> None:
    assert "第 2 次更正后" in html_of(application_form(corrections=2))


def test_what_people_typed_is_escaped() -> None:
    mark = "<script>alert(1)</script>"
    form = application_form()
    evidence = (replace(form.evidence[0], file_name=mark),)
    applicant = replace(form.applicant, name=mark)
    html = html_of(replace(form, hardship_description=mark, evidence=evidence, applicant=applicant))
    assert mark not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accounts": ()}, "document_incomplete"),
        ({"hardship_reasons": ()}, "document_incomplete"),
        ({"prepared_at": datetime(2026, 11, 21)}, "document_time_without_offset"),  # noqa: DTZ001 - what is refused
    ],
)
def test_a_form_that_says_too_little_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        application_form(**changes)


def test_a_file_is_named_by_its_whole_digest() -> None:
    with pytest.raises(InvalidValue, match="document_evidence"):
        replace(application_form().evidence[0], sha256="AB" * 32)


@pytest.mark.slow
def test_every_figure_stands_in_the_pdf() -> None:
    form = application_form()
    pages = pages_of(form)
    whole = "".join(pages)
    assert len(pages) == 2
    for label, row in (*((each.card, each) for each in form.accounts), ("合计", form.totals)):
        amounts = (row.principal_fen, row.interest_fen, row.fees_fen, row.penalty_fen, row.total_fen)
        assert label + "".join(map(yuan, amounts)) in whole
    for amount in (620000, 410000, 90000, 120000, 53000, 100000):
        assert yuan(amount) in whole
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页/共2页" in page
    assert f"第7条{HEAD.digest}" in pages[-1]
    assert content_digest(form) in pages[-1]


@pytest.mark.slow
def test_a_very_full_form_prints_to_its_end() -> None:
    account = AccountRow(card="622210******0007", principal_fen=10**12, interest_fen=10**12, fees_fen=10**12,
                         penalty_fen=10**12, overdue_since=None)  # fmt: skip
    form = application_form(accounts=(account,) * 16, hardship_description="说明情况" * 2000 + "\n完")
    pages = pages_of(form)
    assert len(pages) > 5
    assert yuan(64 * 10**12) in "".join(pages)
    assert "完四、每月收支" in "".join(pages)
    assert content_digest(form) in pages[-1]


def test_a_card_that_was_sued_for_is_said_so_to_the_bank() -> None:
    form = application_form()
    first, *others = form.accounts
    said = html_of(replace(form, accounts=(replace(first, legal_stage="已起诉（某某人民法院）"), *others)))
    assert f"卡号 {first.card} 的诉讼情况：已起诉（某某人民法院）。" in said
    assert "诉讼情况" not in html_of(form)
