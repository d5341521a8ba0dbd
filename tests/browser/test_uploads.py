"""Files in front of a real browser: several at once, over a line that drops, judged while one waits, or by the form."""

from __future__ import annotations

import gzip
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.domain.actor import HUB
from hub.services.evidence import judging
from hub.web.pages.assets import STATIC
from storage.records import EvidenceRecord
from tests.applications import ICBC, pdf, person
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits, submit
from tests.conftest import SentMessages, Submit
from tests.documents.pictures import noise, noted, statement, written

pytestmark = pytest.mark.slow

LONG_NAME = "2026年8月至10月工资卡银行流水明细_加盖公章_第一部分_扫描件最终版" * 2 + ".pdf"
MIDDLE = {"width": 390, "height": 844}
# Where pictures go that somebody wants to look at.
SHOTS = os.environ.get("HUB_SHOTS")


def file(name: str, content: bytes) -> Any:
    kind = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": content}


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def judge(live: LiveHub) -> None:
    with live.hub.reading(HUB) as tx:
        ids = [each.id for each in tx.session.query(EvidenceRecord)]
    with Inspector() as inspector:
        judging.judge(live.hub, live.hub.store, FileInspection(inspector, None), ids)


def files_in(live: LiveHub) -> int:
    with live.hub.reading(HUB) as tx:
        return tx.session.query(EvidenceRecord).count()


@pytest.fixture
def evidence(browser_page: BrowserPage) -> Page:
    """The page of the files, with its script."""
    return opened(browser_page(javascript=True, size=MIDDLE, person="cardholder-1"))


def opened(page: Page) -> Page:
    page.goto("/apply/reason")
    page.get_by_label(re.compile("^本人或家人患病")).check()
    submit(page.get_by_role("button", name="保存并继续", exact=True))
    page.goto("/apply/evidence")
    return page


def choose(page: Page, *files: Any, category: str = "income") -> None:
    page.locator(f'[name="files.{category}"]').set_input_files(list(files))


def went_on(page: Page) -> None:
    """The page of the files was left; of an application without cards the next one is that of the cards."""
    page.wait_for_url(re.compile("/apply/(?!evidence)"))


def uploaded(page: Page) -> Any:
    return page.locator("[data-file]")


def test_several_files_go_at_once_two_at_a_time_and_are_judged_while_one_waits(evidence: Page, live: LiveHub) -> None:
    under_way, most = set[int](), [0]

    def note(route: Route) -> None:
        under_way.add(id(route))
        most[0] = max(most[0], len(under_way))
        answer = route.fetch()
        under_way.discard(id(route))
        route.fulfill(response=answer)

    evidence.route("**/apply/evidence/files?*", note)
    photo = noted(statement((1200, 1600)), "JPEG", 6)
    names = ["10月工资条.jpg", "9月工资条.jpg", "流水.pdf", LONG_NAME]
    choose(evidence, *(file(name, photo if name.endswith("jpg") else pdf(name)) for name in names[:2]))
    choose(evidence, *(file(name, pdf(name)) for name in names[2:]))
    expect(uploaded(evidence)).to_have_count(3)
    assert most[0] <= 2
    assert files_in(live) == 3, "the same picture twice is one file"
    choose(evidence, file("坏.pdf", b"%PDF-1.7 cut off"), category="medical")
    expect(uploaded(evidence)).to_have_count(4)
    shot(evidence, "checking")
    judge(live)
    expect(evidence.locator("[data-checking]")).to_have_count(0)
    expect(evidence.locator(".file-tile img")).to_have_count(1)
    evidence.wait_for_function("document.querySelector('.file-tile img').naturalWidth === 168")
    expect(evidence.get_by_text("文件打不开，或有一部分缺失。")).to_be_visible()
    expect(evidence.locator("[data-files-say]")).to_have_text("“坏.pdf”不能使用，请看原因")
    shot(evidence, "judged")
    assert_accessible(evidence)
    assert_fits(evidence)


def test_a_file_waits_for_the_line_and_goes_by_itself_once_it_is_back(evidence: Page, live: LiveHub) -> None:
    evidence.context.set_offline(True)
    choose(evidence, file("住院费用清单.jpg", written(statement(), "JPEG")), category="medical")
    failed = evidence.get_by_text("没有传上去：网络中断，文件还在您手机里", exact=True)
    expect(failed).to_be_visible()
    expect(evidence.get_by_role("button", name="重试 住院费用清单.jpg")).to_be_visible()
    expect(evidence.locator("[data-files-say]")).to_contain_text("没有传上去")
    evidence.get_by_role("button", name="保存并继续").click()
    link = evidence.get_by_role("link", name="“住院费用清单.jpg”没有传上去。请重试，或删除它再继续")
    expect(link).to_be_visible()
    expect(evidence.locator(".error-summary")).to_be_focused()
    assert evidence.title().startswith("需要修改：")
    shot(evidence, "failed")
    assert_accessible(evidence)
    evidence.context.set_offline(False)
    expect(uploaded(evidence)).to_have_count(1)
    expect(failed).to_have_count(0)
    expect(evidence.locator(".error-summary, .file-card-bad")).to_have_count(0)
    assert not evidence.title().startswith("需要修改：")
    assert files_in(live) == 1
    evidence.get_by_role("button", name="保存并继续").click()
    went_on(evidence)


def test_a_lost_answer_and_a_retry_make_one_file(evidence: Page, live: LiveHub) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.status)
            route.abort("connectionreset")

    evidence.route("**/apply/evidence/files?*", lose_the_first)
    choose(evidence, file("工资.pdf", pdf("one")))
    evidence.get_by_role("button", name="重试 工资.pdf").click()
    expect(uploaded(evidence)).to_have_count(1)
    assert lost == [201]
    assert files_in(live) == 1


def test_whoever_is_told_to_wait_goes_on_by_itself(evidence: Page, live: LiveHub) -> None:
    asked: list[int] = []

    def busy_at_first(route: Route) -> None:
        asked.append(1)
        if len(asked) == 1:
            route.fulfill(status=429, headers={"Retry-After": "3"}, body="")
        else:
            route.continue_()

    evidence.route("**/apply/evidence/files?*", busy_at_first)
    choose(evidence, file("工资.pdf", pdf("one")))
    expect(evidence.get_by_text("上传得有点快，3 秒后自动继续").first).to_be_visible()
    expect(uploaded(evidence)).to_have_count(1)
    assert files_in(live) == 1


@pytest.mark.parametrize(("status", "said"), [(507, "现在存不下"), (500, "系统正忙"), (200, "登录已过期")])
def test_what_cannot_be_kept_now_is_said_calmly_and_can_be_tried_again(
    evidence: Page, live: LiveHub, status: int, said: str
) -> None:
    evidence.route("**/apply/evidence/files?*", lambda route: route.fulfill(status=status, body="x"))
    choose(evidence, file("工资.pdf", pdf("one")))
    expect(evidence.locator(".file-state", has_text=f"没有传上去：{said}")).to_be_visible()
    evidence.unroute("**/apply/evidence/files?*")
    evidence.get_by_role("button", name="重试 工资.pdf").click()
    expect(uploaded(evidence)).to_have_count(1)


def test_too_large_and_wrong_files_are_told_before_they_are_sent(evidence: Page, live: LiveHub) -> None:
    sent: list[str] = []
    evidence.on("request", lambda request: sent.append(request.url) if "/evidence/files" in request.url else None)
    choose(evidence, file("大.pdf", pdf(size=10 * 2**20 + 2**19)))
    expect(
        evidence.get_by_text("“大.pdf”有 10.5 MB，超过 10 MB。可以拍一张小一点的照片，或分开上传。").first
    ).to_be_visible()
    choose(evidence, {"name": "表.xlsx", "mimeType": "application/x-excel", "buffer": b"PK"})
    expect(evidence.get_by_text("“表.xlsx”不是照片或 PDF。").first).to_be_visible()
    assert sent == []
    evidence.get_by_role("button", name="删除 大.pdf").click()
    evidence.get_by_role("button", name="删除 表.xlsx").click()
    expect(evidence.locator(".file-row")).to_have_count(0)
    evidence.get_by_role("button", name="保存并继续").click()
    went_on(evidence)


def test_a_photograph_of_12_megapixels_goes_as_it_is_and_a_larger_file_is_made_smaller(
    evidence: Page, live: LiveHub, tmp_path: Path
) -> None:
    ordinary = written(noise((4000, 3000)), "JPEG", quality=80)
    assert len(ordinary) < 10 * 2**20
    large = io.BytesIO()
    Image.effect_noise((4200, 3200), 90).convert("RGB").save(large, "JPEG", quality=97)
    assert len(large.getvalue()) > 10 * 2**20
    for name, content in (("照片.jpg", ordinary), ("大照片.jpg", large.getvalue())):
        (tmp_path / name).write_bytes(content)
    choose(evidence, tmp_path / "照片.jpg", tmp_path / "大照片.jpg")
    expect(uploaded(evidence)).to_have_count(2)
    with live.hub.reading(HUB) as tx:
        sizes = sorted(each.size for each in tx.session.query(EvidenceRecord))
    assert len(ordinary) in sizes
    assert max(sizes) <= 10 * 2**20


def test_leaving_waits_for_the_files_and_then_goes_on(evidence: Page, live: LiveHub) -> None:
    held: list[Route] = []
    evidence.route("**/apply/evidence/files?*", lambda route: held.append(route))  # noqa: PLW0108 - wrapped there
    with evidence.expect_request("**/apply/evidence/files?*"):
        choose(evidence, file("工资.pdf", pdf("one")))
    evidence.wait_for_function("document.querySelector('.file-row progress')")
    evidence.get_by_role("button", name="保存并继续").click()
    expect(evidence.get_by_text("正在上传，传完会自动继续，请稍等。")).to_be_visible()
    assert evidence.url.endswith("/apply/evidence")
    held[0].continue_()
    went_on(evidence)
    assert files_in(live) == 1


def test_a_file_is_said_to_be_another_kind_and_taken_out_where_it_stands(evidence: Page, live: LiveHub) -> None:
    choose(evidence, file("工资卡流水.pdf", pdf("one")))
    kind = evidence.get_by_label("“工资卡流水.pdf”是什么材料")
    expect(kind).to_have_value("bank_statement")
    with evidence.expect_response("**/apply/evidence/kind"):
        kind.select_option("income_proof")
    evidence.reload()
    expect(evidence.get_by_label("“工资卡流水.pdf”是什么材料")).to_have_value("income_proof")
    evidence.get_by_role("button", name="删除 工资卡流水.pdf").click()
    expect(uploaded(evidence)).to_have_count(0)
    assert files_in(live) == 0
    expect(evidence.locator('[name="files.income"]')).to_be_focused()


@pytest.mark.parametrize("large", [False, True], ids=["standard", "large print"])
def test_nothing_is_too_wide_on_a_small_phone(browser_page: BrowserPage, large: bool) -> None:
    page = opened(browser_page(javascript=True, person="cardholder-1"))
    if large:
        page.goto("/apply/evidence?text=large")
    choose(page, file(LONG_NAME, pdf("one")))
    expect(uploaded(page)).to_have_count(1)
    shot(page, f"320-{'large' if large else 'standard'}")
    assert_fits(page)
    assert_accessible(page)
    for name in ("拍照", "相册或文件"):
        box = page.locator(".file-chooser > label", has_text=name).first.bounding_box()
        assert box is not None
        assert box["height"] >= (60 if large else 48)


def test_without_a_script_one_form_takes_several_files(browser_page: BrowserPage, live: LiveHub) -> None:
    page = browser_page(person="cardholder-1")
    opened(page)
    choose(page, file("一.pdf", pdf("one")), file("二.pdf", pdf("two")), file("表.xlsx", b"PK\x03\x04" + b"0" * 64))
    choose(page, file("清单.pdf", pdf("three")), category="medical")
    shot(page, "no-script")
    assert_fits(page)
    page.get_by_role("button", name="保存并继续").click()
    expect(page.get_by_role("link", name=re.compile("“表.xlsx”没有保存"))).to_be_visible()
    expect(uploaded(page)).to_have_count(3)
    shot(page, "no-script-error")
    page.get_by_role("button", name="保存并继续").click()
    went_on(page)
    assert files_in(live) == 3


def test_the_script_is_small() -> None:
    assert len(gzip.compress((STATIC / "upload.js").read_bytes(), 9, mtime=0)) <= 5 * 1024


@pytest.fixture
def message(
    browser_page: BrowserPage, live: LiveHub, sms: SentMessages, submitted: Submit, work_off: Callable[[], int]
) -> Page:
    """The form for words and files to the bank, of a negotiation that the bank has."""
    sent = submitted(ICBC, applicant=person(7))
    work_off()
    page = browser_page(javascript=True, size=MIDDLE)
    page.goto("/my/")
    page.get_by_label("手机号").fill(str(person(7)["mobile"]))
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("六位验证码").fill(sms.sent[-1][1][:6])
    submit(page.get_by_role("button", name="登录"))
    page.goto(f"/my/negotiations/{sent.negotiation}/message")
    return page


def test_files_of_a_message_are_sent_while_it_is_written(message: Page, live: LiveHub) -> None:
    before = files_in(live)
    message.locator('[name="file"]').set_input_files([file("一.pdf", pdf("one")), file("照片.jpg", b"\xff\xd8\xff x")])
    expect(message.locator('[name="waiting_file"]')).to_have_count(2)
    message.get_by_label("“一.pdf”是什么材料").select_option("payslip")
    shot(message, "message")
    assert_accessible(message)
    assert_fits(message)
    message.get_by_role("button", name="删除 照片.jpg").click()
    expect(message.locator('[name="waiting_file"]')).to_have_count(1)
    assert files_in(live) == before
    message.get_by_label("您的话").fill("见附件")
    submit(message.get_by_role("button", name=re.compile("^(发送|答复银行)$")))
    expect(message.get_by_text("一.pdf").first).to_be_visible()
    assert files_in(live) == before + 1
