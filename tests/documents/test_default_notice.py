"""The notice of a default: what it says, what it refuses to print, and that its sums stand in the PDF."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest

from hub.documents.default_notice import DefaultNotice, MissedRow, html_of
from hub.documents.printing import print_pdf
from hub.domain.agreement_clauses import DEFAULT_CLAUSE_ZH, VOID_AFTER_MISSED_MARK
from hub.domain.errors import InvalidValue
from tests.documents.samples import AT, HEAD

CLAUSE = DEFAULT_CLAUSE_ZH.replace(VOID_AFTER_MISSED_MARK, "2")
ENDED = AT + timedelta(days=64)
NOTICE = DefaultNotice(
    number="XY-20261121-100200",
    reference="XS-20261121-483920",
    bank_name_zh="中国工商银行",
    bank_name_en="Industrial and Commercial Bank of China",
    cardholder_name="王小明",
    id_type_label="居民身份证",
    id_number="1101**************2X",
    agreement_title="个性化分期还款协议",
    signed_at=AT,
    ended_at=ENDED,
    effective_at=ENDED + timedelta(days=3),
    reason="连续两期未还。\n多次联系未获答复。",
    missed=(
        MissedRow(number=1, due_on=date(2026, 12, 20), total_fen=54_300, paid_fen=0),
        MissedRow(number=2, due_on=date(2027, 1, 20), total_fen=54_300, paid_fen=10_000),
    ),
    asked_fen=1_954_800,
    paid_fen=10_000,
    open_fen=1_944_800,
    left_out_fen=0,
    default_clause_zh=CLAUSE,
    hotline="95588",
    complaint_channel="在线投诉：www.icbc.example",
    log_head=HEAD,
)


def words(notice: DefaultNotice) -> str:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(html_of(notice))))
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def test_reason_rows_sums_effect_and_ways_to_object_stand_in_the_pdf() -> None:
    text = words(NOTICE)
    for said in (
        "还款协议终止通知书",
        "王小明",
        "1101**************2X",
        "连续两期未还。",
        "多次联系未获答复。",
        "第1期2026年12月20日543.000.00543.00",
        "第2期2027年1月20日543.00100.00443.00",
        "各期应还合计人民币19,548.00元",
        "已经到账人民币100.00元",
        "尚未还清人民币19,448.00元",
        "2027年1月27日10:00:00（北京时间）起终止",
        "停止催收的约定继续有效",
        "95588",
        "www.icbc.example",
        "12378",
        "未加盖实物印章",
    ):
        assert said in text, said
    assert all("".join(line.split()) in text for line in CLAUSE.splitlines())
    assert "协议以外" not in text


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({"effective_at": ENDED}, "起终止", "停止催收的约定继续有效"),
        ({"left_out_fen": 12_000}, "人民币 120.00 元，不在上述金额之内", ""),
        ({"hotline": "", "complaint_channel": ""}, "12378", "银行客服"),
        ({"asked_fen": None, "open_fen": None}, "已经到账", "各期应还合计"),
        ({"missed": (MissedRow(number=0, due_on=date(2026, 11, 25), total_fen=100, paid_fen=0),)}, "首付款", "第 1 期"),
        ({"missed": (MissedRow(number=1, due_on=date(2026, 11, 25), total_fen=None, paid_fen=0),)}, "以账单为准", ""),
    ],
)
def test_what_is_not_known_is_not_said(changes: dict[str, Any], said: str, unsaid: str) -> None:
    html = html_of(replace(NOTICE, **changes))
    assert said in html
    assert not unsaid or unsaid not in html


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "document_incomplete"),
        ({"missed": ()}, "document_incomplete"),
        ({"open_fen": -1}, "document_amount_negative"),
        ({"ended_at": ENDED.replace(tzinfo=None)}, "document_time_without_offset"),
    ],
)
def test_a_notice_that_says_too_little_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        replace(NOTICE, **changes)


def test_what_the_bank_wrote_is_escaped() -> None:
    assert "<b>" not in html_of(replace(NOTICE, reason="<b>连续两期未还"))
