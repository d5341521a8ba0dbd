"""Thirteen papers: whatever is special of one, each reads as one text from the title to the marks."""

import io
import re

import pypdf
import pytest

from hub.documents.agreement_document import AgreementDocument, html_of
from hub.documents.printing import print_pdf
from hub.domain.agreement_clauses import VOID_AFTER_MISSED_MARK
from hub.domain.bank import BankRules
from hub.domain.clauses import CLAUSE_TITLES, EDITION
from hub.domain.terms import Kind
from tests.documents.papers import papers
from tests.documents.samples import STANDARD, agreement, contents, terms_of

PAPERS = papers()
# A date is written in one form: 2026 年 11 月 20 日.
ANOTHER_FORM = re.compile(r"\d{4}-\d{2}-\d{2}|\d{4}/\d|\d{4}年|\d年|年\d|日\d|\d日")
BLANKS = re.compile(r"[，。；：、（）] | [，。；：、（）]|  ")


def said(html: str) -> list[str]:
    """What the page shows, piece by piece."""
    body = html.partition("<body")[2]
    return [piece.strip() for piece in re.split(r"<[^>]*>", body)[1:] if piece.strip()]


def test_every_kind_and_thirteen_papers() -> None:
    assert len(PAPERS) >= 13
    assert {paper.contents.terms.kind for paper in PAPERS.values()} == set(Kind)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_dates_have_one_form_and_no_blank_stands_at_a_mark(paper: AgreementDocument) -> None:
    pieces = [each for each in said(html_of(paper)) if not re.fullmatch(r"[\w-]+", each, re.ASCII)]
    assert [each for each in pieces if ANOTHER_FORM.search(each) or BLANKS.search(each)] == []


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_all_clauses_stand_on_paper_in_their_order_with_the_version_at_the_foot(paper: AgreementDocument) -> None:
    html = html_of(paper)
    places = [
        html.find(f"<b>（{number}）{title}</b>")
        for number, title in zip("一二三四五六七八九十", CLAUSE_TITLES.values(), strict=True)
    ]
    assert -1 not in places
    assert places == sorted(places)
    assert paper.contents.clauses is not None
    assert f"{paper.contents.clauses.version}（条款文本属于发卡银行，由发卡银行确认后使用）" in html
    assert VOID_AFTER_MISSED_MARK not in html


def test_parts_and_cards_that_share_a_debt_stand_below_their_balance() -> None:
    pieces = said(html_of(PAPERS["n-parts-and-shared-account"]))
    first = pieces.index("622210******0007")
    second = pieces.index("622576******3586")
    assert pieces[first:second][-2:] == [
        "本金中：未办理分期 10,000.00 元；账单分期 6,000.00 元（剩余 18 期）；现金分期 2,500.00 元（剩余 9 期）",
        "同一账户的卡 622210******8003；附属卡 622210******9009",
    ]
    assert "本金中：" not in html_of(PAPERS["a-instalments-down-payment-fee-waivers"])


def test_where_no_principal_is_owed_nothing_is_called_principal() -> None:
    html = html_of(PAPERS["o-interest-alone"]).replace("\u00a0", " ")
    assert "分期本金" not in html
    assert "列入本协议还款的金额为人民币 462.00 元（利息 462.00 元）" in html


def test_what_was_signed_before_there_were_clauses_has_none_on_paper() -> None:
    html = html_of(agreement(contents=contents(terms_of(Kind.INSTALMENTS), rules=None)))
    assert "其他约定" not in html
    assert EDITION not in html
    assert "签署时间" in html


def test_where_the_bank_is_found_stands_at_the_top_where_it_is_known() -> None:
    assert "联系电话</th><td>010-66100000 转 8" in html_of(PAPERS["m-own-clauses"])
    assert "<th>办公地址" not in html_of(PAPERS["c-deferral"])


def test_two_cards_that_end_alike_are_told_apart() -> None:
    html = html_of(PAPERS["h-cards-ending-alike"])
    assert "622210******3586" in html
    assert "622576******3586" in html


@pytest.mark.slow
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_the_signatures_are_in_one_piece_below_words_and_above_the_marks(paper: AgreementDocument) -> None:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(html_of(paper))))
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    last = pages[-1]
    assert "".join(paper.title.split()) in pages[0]
    for expected in (
        # The words before the signatures, whatever they are.
        "".join(paper.contents.terms.note.split())[-20:] or "协议的生效",
        "双方同意以电子方式签署本协议",
        "确认码发送至",
        paper.signatures.offer_digest,
        "条款文本的版本",
    ):
        assert expected in last, expected


@pytest.mark.parametrize(
    ("kind", "rules", "number"),
    [
        (Kind.INSTALMENTS, STANDARD, "八"),
        (Kind.LOWER_MINIMUM, STANDARD, "七"),
        (Kind.INSTALMENTS, None, "七"),
        (Kind.LOWER_MINIMUM, None, "六"),
    ],
)
def test_the_banks_note_is_the_last_part_with_the_next_number(kind: Kind, rules: BankRules | None, number: str) -> None:
    html = html_of(agreement(contents=contents(terms_of(kind, note="每月 20 日还款。"), rules=rules)))
    assert f"<h2>{number}、方案说明</h2>" in html
    assert html.find("方案说明</h2>") > html.find("其他约定</h2>")
