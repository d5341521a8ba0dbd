"""The whole record at the pages: read in its order, its files opened again, and kept as one PDF."""

from __future__ import annotations

from flask import Flask

from hub.domain.actor import HUB
from hub.domain.errors import Unusable
from hub.wiring import Hub
from storage import access_log
from tests.applications import pdf
from tests.web.caller import Caller
from tests.web.pages.cardholders import launched
from tests.web.pages.my.ways import WorkOff
from tests.web.pages.reader import Page


def id_of(page: Page) -> str:
    return page.address.rpartition("/")[2]


def test_what_was_said_stands_there_in_the_order_of_time_with_its_files(sent: Page, work_off: WorkOff) -> None:
    message = sent.reader.open(f"{sent.address}/message")
    message.press("发送", {"text": "还想问一下。", "kind": "payslip"}, files={"file": ("九月工资.pdf", pdf("sept"))})
    work_off()
    page = sent.reader.open(f"{sent.address}/record")
    assert page.text.index("申请已提交") < page.text.index("还想问一下")
    files = [each for each in page.links if "/files/" in each]
    assert len(files) == 2
    assert "九月工资.pdf" in page.text
    opened = sent.reader.web.get(files[-1], buffered=True)
    assert opened.data == pdf("sept")
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert opened.headers["Content-Security-Policy"].startswith("sandbox")


def test_opening_a_file_again_is_on_record(sent: Page, hub: Hub) -> None:
    [file] = [each for each in sent.reader.open(f"{sent.address}/record").links if "/files/" in each]
    sent.reader.web.get(file, buffered=True)
    with hub.reading(HUB) as tx:
        read = [each.what for each in access_log.list_readings(tx, id_of(sent))]
    assert f"evidence/{file.rpartition('/')[2]}" in read


def test_a_file_of_anothers_negotiation_is_not_found_below_ones_own(
    sent: Page, app: Flask, host_app: Caller, work_off: WorkOff
) -> None:
    [file] = [each for each in sent.reader.open(f"{sent.address}/record").links if "/files/" in each]
    stranger = launched(app, host_app)
    for path in (file, f"{sent.address}/record", f"{sent.address}/record.pdf", f"{sent.address}/downloads"):
        assert stranger.web.get(path).status_code == 404
    assert sent.reader.web.get(f"{sent.address}/files/{'0' * 32}").status_code == 404


def test_the_pdf_is_made_when_it_is_asked_for_and_again_only_after_something_new(
    sent: Page, printed: list[str]
) -> None:
    for _ in range(2):
        answer = sent.reader.web.get(f"{sent.address}/record.pdf", buffered=True)
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert len(printed) == 1
    sent.reader.open(f"{sent.address}/message").press("发送", {"text": "还想问一下。"})
    sent.reader.web.get(f"{sent.address}/record.pdf", buffered=True)
    assert len(printed) == 2
    assert "上一份生成于" in sent.reader.open(f"{sent.address}/record").text


def test_while_nothing_can_be_printed_the_page_says_so_and_the_zip_comes_without_it(sent: Page, hub: Hub) -> None:
    def broken(_html: str) -> bytes:
        raise Unusable("no font")

    hub.print_pdf = broken
    page = sent.reader.open(f"{sent.address}/record.pdf")
    assert page.status == 409
    assert "正在生成" in page.text
    assert sent.reader.web.get(f"{sent.address}/record.zip", buffered=True).status_code == 200


def test_all_that_can_be_kept_is_on_one_page_with_size_and_what_it_holds(offered: Page, hub: Hub) -> None:
    here = offered.address.partition("/offers")[0]
    page = offered.reader.open(f"{here}/downloads")
    assert {f"{here}/application-form.pdf", f"{here}/record.pdf", f"{here}/record.zip"} <= {*page.links}
    assert "还款协议" not in page.text
    assert "KB" in page.text
    assert f"{hub.settings.public_url}{here}/downloads" in page.html
    assert {f"{here}/record", f"{here}/downloads"} <= {*offered.reader.open(here).links}
