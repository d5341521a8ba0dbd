"""Files that were chosen once come along with their form, however often the form comes back."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.errors import NotFound
from hub.services.evidence import contents, judging, waiting_files
from hub.wiring import Hub
from storage.records import EvidenceRecord
from storage.stored_files import NewFile, StoredEvidence
from tests.applications import id_number, pdf
from tests.conftest import START
from tests.web.caller import Caller
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.reader import Page, Reader

WorkOff = Callable[[], int]
SHOT = {"file": ("截图.pdf", pdf("shot"))}
TOO_LONG = "长" * 4001


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


@pytest.fixture
def sent(app: Flask, host_app: Caller, work_off: WorkOff) -> Page:
    """The page of the person's negotiation with ICBC, which the bank has."""
    reader = launched(app, host_app)
    done = filled_in(reader, taken=1).press("提交给 1 家银行")
    work_off()
    return reader.open(next(each for each in done.links if each.startswith("/my/negotiations/")))


def names(hub: Hub) -> int:
    """How many files have a row."""
    with hub.reading(HUB) as tx:
        return tx.session.query(EvidenceRecord).count()


def waiting(page: Page) -> list[str]:
    """The names of the files that wait with the page's form."""
    buttons = (words for form in page.forms for words in form.buttons)
    return [words.removeprefix("删除") for words in buttons if words.startswith("删除")]


def refused_call(sent: Page) -> Page:
    """The form of a call without its time, a screenshot chosen."""
    page = sent.reader.open(f"{sent.address}/call").press("保存到记录", {"at": "", "text": "答应分期"}, files=SHOT)
    assert page.status == 422
    assert "请填写时间" in page.text
    return page


def test_a_screenshot_comes_along_with_the_call_that_lacked_its_time(sent: Page, hub: Hub) -> None:
    before = names(hub)
    refused = refused_call(sent)
    assert waiting(refused) == ["截图.pdf"]
    assert names(hub) == before
    kept = refused.press("保存到记录", {"at": "2026-11-20 9:30"})
    assert kept.status == 200
    assert names(hub) == before + 1
    assert "截图.pdf" in kept.text


def test_another_file_takes_the_place_of_the_one_that_waited(sent: Page, hub: Hub) -> None:
    before = names(hub)
    other = {"file": ("另一张.pdf", pdf("other"))}
    kept = refused_call(sent).press("保存到记录", {"at": "2026-11-20 9:30"}, files=other)
    assert "另一张.pdf" in kept.text
    assert "截图.pdf" not in kept.text
    assert names(hub) == before + 1


def test_a_waiting_file_stays_where_the_other_one_is_not_taken(sent: Page, hub: Hub) -> None:
    bad = {"file": ("表.docx", b"PK\x03\x04" + b"0" * 100)}
    again = refused_call(sent).press("保存到记录", {"at": "2026-11-20 9:30"}, files=bad)
    assert again.status == 422
    assert "“表.docx”没有保存：" in again.text
    assert waiting(again) == ["截图.pdf"]
    assert "截图.pdf" in again.press("保存到记录").text


def test_a_form_with_a_waiting_file_that_is_sent_twice_makes_one_entry(sent: Page, hub: Hub) -> None:
    before = names(hub)
    refused = refused_call(sent)
    address, data = refused.sent("保存到记录", {"at": "2026-11-20 9:30"})
    _, again = refused.sent("保存到记录", {"at": "2026-11-20 9:30"})
    first, second = sent.reader.send(address, data), sent.reader.send(address, again)
    assert (first.status, second.status) == (200, 200)
    assert names(hub) == before + 1
    with hub.reading(HUB) as tx:
        for record in tx.session.query(EvidenceRecord):
            assert b"".join(contents.content_of(tx, hub.store, record).chunks)


def test_a_file_that_was_sent_is_not_sent_a_second_time_with_other_words(sent: Page, hub: Hub) -> None:
    refused = refused_call(sent)
    refused.press("保存到记录", {"at": "2026-11-20 9:30"})
    count = names(hub)
    changed = refused.press("保存到记录", {"at": "2026-11-20 9:30", "text": "改了"})
    assert changed.status == 422
    assert names(hub) == count


def test_a_message_keeps_its_file_and_its_kind(sent: Page, hub: Hub) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    refused = form.press("发送", {"text": TOO_LONG, "kind": "bank_statement"}, files=SHOT)
    assert refused.status == 422
    assert waiting(refused) == ["截图.pdf"]
    assert "银行流水： 截图.pdf" in refused.press("发送", {"text": "见附件"}).text


def test_a_file_of_no_known_kind_waits_for_it(sent: Page) -> None:
    form = sent.reader.open(f"{sent.address}/message")
    refused = form.press("发送", {"text": "见附件", "kind": "nonsense"}, files=SHOT)
    assert "请选择材料的种类。" in refused.text
    assert "payslip" not in refused.text
    assert "截图.pdf" in refused.press("发送", {"kind": "other"}).text


def test_a_message_without_words_and_file_asks_for_either(sent: Page) -> None:
    empty = sent.reader.open(f"{sent.address}/message").press("发送")
    assert "请写几个字，或附上文件。" in empty.text
    assert "（选填）" not in empty.text


def test_nobody_else_takes_a_waiting_file(sent: Page, app: Flask, host_app: Caller, work_off: WorkOff) -> None:
    mine = dict(refused_call(sent).form("保存到记录").fields)["waiting_file"]
    other = launched(app, host_app, id_number=id_number(9), mobile="13900000077")
    done = filled_in(other, taken=1).press("提交给 1 家银行")
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    address, data = other.open(f"{here}/call").sent("保存到记录", {"at": "2026-11-20 9:30", "text": "x"})
    data.add("waiting_file", mine)
    refused = other.send(address, data)
    assert refused.status == 422
    assert "找不到这个文件，请重新上传。" in refused.text


@pytest.mark.parametrize("forged", ["", "x", "AAAA", "%%%", "长"])
def test_what_was_not_sealed_here_is_no_file(sent: Page, forged: str) -> None:
    address, data = sent.reader.open(f"{sent.address}/call").sent("保存到记录", {"at": "2026-11-20 9:30", "text": "x"})
    data.add("waiting_file", forged)
    assert sent.reader.send(address, data).status == (422 if forged else 200)


def test_a_file_that_waited_too_long_is_not_there_any_more(hub: Hub) -> None:
    file = NewFile(id="0" * 32, store_name="1" * 32, key=b"k" * 32)
    stored = StoredEvidence(
        file=file, client_id="c", subject=None, kind="other", file_name="图", media_type="", size=1, sha256="2" * 64
    )
    text = waiting_files.sealed(hub.keyring, stored, owner="me", at=START)
    in_time = waiting_files.opened(hub.keyring, text, owner="me", kind="payslip", at=START + waiting_files.WAITS)
    assert in_time == replace(stored, kind="payslip")
    late = START + waiting_files.WAITS + timedelta(seconds=1)
    with pytest.raises(NotFound):
        waiting_files.opened(hub.keyring, text, owner="me", kind="payslip", at=late)


def test_a_correction_keeps_its_file(app: Flask, host_app: Caller, hub: Hub, work_off: WorkOff) -> None:
    reader: Reader = launched(app, host_app)
    checked = filled_in(reader, taken=1)
    reader.open("/apply/evidence").press("上传", files={"files.income": ("坏.pdf", pdf("bad"))})
    done = reader.open(checked.address).press("提交给 1 家银行")
    with hub.reading(HUB) as tx:
        ids = [each.id for each in tx.session.query(EvidenceRecord)]
    judging.judge(hub, hub.store, lambda *_: "password", ids)
    work_off()
    here = next(each for each in done.links if each.startswith("/my/negotiations/"))
    form = reader.open(f"{here}/correct")
    assert "请去掉密码后重新上传" in form.text
    refused = form.press("更正并重新提交", {"accounts.0.principal_fen": "很多"}, files=SHOT)
    assert waiting(refused) == ["截图.pdf"]
    assert refused.press("更正并重新提交", {"accounts.0.principal_fen": "2万"}).status == 200
    assert "截图.pdf" in reader.open(here).text


def test_several_files_go_with_one_message(sent: Page, hub: Hub) -> None:
    before = names(hub)
    several = {"file": [("一.pdf", pdf("one")), ("二.pdf", pdf("two")), ("表.docx", b"PK\x03\x04" + b"0" * 100)]}
    refused = sent.reader.open(f"{sent.address}/message").press("发送", {"text": "见附件"}, files=several)
    assert refused.status == 422
    assert "“表.docx”没有保存：" in refused.text
    assert waiting(refused) == ["一.pdf", "二.pdf"]
    assert names(hub) == before
    kept = refused.press("发送")
    assert "一.pdf" in kept.text
    assert "二.pdf" in kept.text
    assert names(hub) == before + 2


def test_a_waiting_file_is_taken_out_of_the_form_and_the_words_stay(sent: Page, hub: Hub) -> None:
    before = names(hub)
    several = {"file": [("一.pdf", pdf("one")), ("二.pdf", pdf("two"))]}
    refused = sent.reader.open(f"{sent.address}/message").press("发送", {"text": TOO_LONG}, files=several)
    left = refused.press("删除一.pdf", {"text": "见附件"})
    assert (left.status, waiting(left)) == (200, ["二.pdf"])
    assert ("text", "见附件") in left.form("发送").fields
    assert left.press("发送").status == 200
    assert names(hub) == before + 1


def send_ahead(sent: Page, page: Page, name: str, content: bytes, query: str = "kind=payslip") -> TestResponse:
    headers = {
        "X-CSRFToken": dict(page.forms[-1].fields)["csrf_token"],
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    address = f"{sent.address.rstrip('/')}/waiting-files?{query}"
    return sent.reader.web.post(address, data=content, content_type="application/octet-stream", headers=headers)


def test_a_file_that_is_sent_ahead_comes_along_with_the_message(sent: Page, hub: Hub) -> None:
    before = names(hub)
    page = sent.reader.open(f"{sent.address}/message")
    answer = send_ahead(sent, page, "工资.pdf", pdf("ahead"))
    assert answer.status_code == 201
    assert names(hub) == before, "nothing is in the log before the message is sent"
    sealed = re.search(r'name="waiting_file" value="([^"]+)"', answer.get_data(as_text=True))
    assert sealed is not None
    address, data = page.sent("发送", {"text": "见附件"})
    data.add("waiting_file", sealed[1])
    data.add("waiting_kind", "payslip")
    assert "工资.pdf" in sent.reader.send(address, data).text
    assert names(hub) == before + 1


def test_what_is_sent_ahead_is_judged_by_its_form(sent: Page, hub: Hub) -> None:
    page = sent.reader.open(f"{sent.address}/message")
    refused = send_ahead(sent, page, "录音.mp3", b"ID3" + b"0" * 500)
    assert (refused.status_code, refused.content_type) == (415, "text/plain; charset=utf-8")
    assert send_ahead(sent, page, "录音.mp3", b"ID3" + b"0" * 500, "sound=1").status_code == 201


def test_nobody_sees_or_sends_files_of_another_negotiation(sent: Page, app: Flask, host_app: Caller, hub: Hub) -> None:
    with hub.reading(HUB) as tx:
        [file] = [each.id for each in tx.session.query(EvidenceRecord)]
    other = launched(app, host_app, id_number=id_number(9), mobile="13900000077")
    page = other.open("/apply/cards")
    stranger = replace_reader(sent, other)
    assert send_ahead(stranger, page, "工资.pdf", pdf("x")).status_code == 404
    here = sent.address.rstrip("/")
    for below in (f"/files/{file}", f"/files/{file}/thumbnail"):
        assert other.web.get(f"{here}{below}").status_code == 404
    assert sent.reader.web.get(f"{here}/files/{file}", buffered=True).status_code == 200


def replace_reader(page: Page, reader: Reader) -> Page:
    """The same page in front of somebody else."""
    seen = copy.copy(page)
    seen.reader = reader
    return seen
