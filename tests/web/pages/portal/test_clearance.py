"""A clerk issues a certificate of settlement: the bank's own PDF, or one that the hub prints."""

from __future__ import annotations

import io
from collections.abc import Callable

from hub.domain.agreement_end import EndReason
from hub.services.agreements import clearances
from tests.applications import pdf, png
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, Fields

PATH = "/agreement/clearance"


def settled(case: Case) -> None:
    """An agreement is settled, its rest waived."""
    case.accept(case.offer())
    case.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)


def form(clerk: Clerk, **changes: object) -> Fields:
    return {**clerk.form(PATH, "clearance"), **changes}


def file(content: bytes, name: str = "结清证明.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_before_the_settlement_none_can_be_issued(case: Case, clerk: Clerk) -> None:
    case.accept(case.offer())
    assert f"{clerk.address}{PATH}" not in clerk.read()
    page = clerk.read(PATH)
    assert "协议还没有结清" in page
    assert 'name="way"' not in page


def test_what_is_due_and_since_when_is_shown_until_it_is_issued(case: Case, clerk: Clerk) -> None:
    settled(case)
    assert "结清证明须在 2026 年 12 月 1 日（周二）18:00 前出具" in clerk.read()
    with case.hub.writing(case.cardholder) as tx:
        clearances.ask(tx, case.id, client_id=case.client_id)
    assert "客户于 2026 年 11 月 21 日（周六）10:00 申请结清证明" in clerk.read(PATH)
    case.at("2026-12-02 10:00")
    assert "已经超时" in clerk.read()
    queue = clerk.page("/portal/")
    assert ("出具结清证明" in queue, "tag-bad" in queue) == (True, True)


def test_the_banks_own_pdf_is_what_the_person_gets(case: Case, clerk: Clerk) -> None:
    settled(case)
    mine = pdf("certificate")
    sent = form(clerk, way="upload", text="特此证明。")
    done = [clerk.done(PATH, {**sent, "file": file(mine)}) for _ in range(2)]
    assert done == ["clearance_issued", "clearance_issued"]
    assert case.kinds().count("clearance_issued") == 1
    assert "clearance_reissued" not in case.kinds()
    assert clerk.get(f"{clerk.address}/clearance.pdf").data == mine
    page = clerk.read()
    assert ("银行已于 2026 年 11 月 21 日（周六）10:00 出具结清证明" in page, "重新出具结清证明" in page) == (
        True,
        True,
    )
    assert clerk.done(PATH, form(clerk, way="upload", file=file(pdf("better")))) == "clearance_issued"
    assert case.kinds()[-1] == "clearance_reissued"


def test_one_that_the_hub_prints_is_there_a_moment_later(case: Case, clerk: Clerk, work_off: Callable[[], int]) -> None:
    settled(case)
    assert "本行不再就上述欠款向持卡人催收" in clerk.read(PATH)
    assert clerk.done(PATH, form(clerk, way="print")) == "clearance_issued"
    assert "文件正在生成" in clerk.read()
    work_off()
    assert "文件正在生成" not in clerk.read()
    assert clerk.get(f"{clerk.address}/clearance.pdf").data.startswith(b"%PDF-")


def test_what_will_not_do_is_said_at_its_field_and_nothing_is_issued(case: Case, clerk: Clerk) -> None:
    settled(case)
    for changes, words in (
        ({}, "请选择怎样出具"),
        ({"way": "upload"}, "请选择本行的证明"),
        ({"way": "print", "file": file(pdf())}, "选择了由平台打印，就不要上传文件"),
        ({"way": "upload", "file": file(png(), "结清证明.png")}, "请上传 PDF 文件"),
        ({"way": "upload", "file": file(pdf()[:200])}, "文件打不开，或有一部分缺失"),
        ({"way": "upload", "file": file(b"PK\x03\x04" + b"\0" * 100, "证明.docx")}, "Office"),
    ):
        text, _ = clerk.refused(PATH, form(clerk, **changes))
        assert words in text, words
    assert "clearance_issued" not in case.kinds()


def test_in_english_the_banks_text_is_marked_as_chinese(case: Case, clerk: Clerk) -> None:
    settled(case)
    clerk.page("/portal/?lang=en")
    page = clerk.read(PATH)
    assert ('<blockquote class="kept" lang="zh-CN">' in page, "> (when uploading)<" in page) == (True, True)
