"""The paper of an amendment: what changes stands in it whole, and sums that do not hold are never printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hub.documents.agreement_document import Signatures
from hub.documents.amendment_document import AmendmentDocument, html_of
from hub.domain.amendment import AmendedRow, AmendmentContents, AmendmentKind
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import Head

AT = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
SETTLED = AmendmentContents(
    kind=AmendmentKind.EARLY_SETTLEMENT,
    agreement_number="XY-20261121-695380",
    agreement_digest="a" * 64,
    before=(
        AmendedRow(number=5, due_on=date(2027, 4, 20), total_fen=50_000),
        AmendedRow(number=6, due_on=date(2027, 5, 20), total_fen=50_100),
    ),
    after=(AmendedRow(number=5, due_on=date(2027, 4, 10), total_fen=99_000),),
    principal_fen=98_000,
    interest_fen=1_000,
    grace_days=3,
    text_zh="一次归还人民币 990.00 元。\n原协议的其他内容不变。",
)
MOVED = replace(
    SETTLED,
    kind=AmendmentKind.PAY_DAY,
    after=(
        AmendedRow(number=5, due_on=date(2027, 4, 5), total_fen=50_000),
        AmendedRow(number=6, due_on=date(2027, 5, 5), total_fen=50_100),
    ),
    day=5,
    principal_fen=0,
    interest_fen=0,
)


def paper(contents: AmendmentContents) -> AmendmentDocument:
    return AmendmentDocument(
        number="XY-20261121-695380-01",
        reference="XS-20261121-483920",
        bank_name_zh="中国工商银行",
        bank_name_en="Industrial and Commercial Bank of China",
        cardholder_name="王小明",
        id_type_label="居民身份证",
        id_number="110105199001010061",
        agreement_signed_at=AT,
        signed_at=AT,
        contents=contents,
        signatures=Signatures(
            bank_signed_at=AT,
            bank_method="在系统中给出报价",
            cardholder_signed_at=AT,
            cardholder_method="短信确认码",
            mobile="138****8000",
            offer_digest="b" * 64,
        ),
        log_head=Head(sequence=31, digest="c" * 64),
    )


def test_an_early_settlement_names_each_figure_each_row_and_both_signatures() -> None:
    html = html_of(paper(SETTLED))
    for words in (
        "提前结清补充协议",
        "XY-20261121-695380-01",
        "990.00 元",
        "本金 980.00 元，利息 10.00 元，费用 0.00 元",
        "1,001.00 元",
        "提前结清少还 11.00 元",
        "2027 年 4 月 20 日",
        "第五百四十三条",
        "短信确认码",
        "b" * 64,
        "a" * 64,
    ):
        assert words in html
    assert html == html_of(paper(SETTLED))


def test_a_pay_day_names_each_row_with_both_its_days() -> None:
    html = html_of(paper(MOVED))
    for words in ("还款日调整补充协议", "2027 年 4 月 20 日", "2027 年 4 月 5 日", "500.00", "1,001.00"):
        assert words in html
    assert "本补充协议要点" not in html


@pytest.mark.parametrize(
    "contents",
    [
        replace(SETTLED, interest_fen=1_001),
        replace(MOVED, after=MOVED.after[:1]),
        replace(SETTLED, before=(AmendedRow(number=5, due_on=date(2027, 4, 20), total_fen=-1),)),
    ],
)
def test_sums_that_do_not_hold_are_never_printed(contents: AmendmentContents) -> None:
    with pytest.raises(InvalidValue):
        paper(contents)
