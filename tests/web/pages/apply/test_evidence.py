"""The step of the evidence, by its one form: several files at once, each taken or refused by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub.domain.evidence_category import MAX_FILES
from hub.web.limits import UPLOADS_A_PERSON
from hub.web.pages import uploading
from hub.wiring import Hub
from storage.records import EvidenceRecord
from tests.applications import pdf
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason
from tests.web.pages.reader import Page, Reader

SHEET = ("表.xlsx", b"PK\x03\x04" + b"0" * 64)


@pytest.fixture
def evidence(reader: Reader) -> Page:
    """The page of the files of somebody who was ill."""
    return fill_month(fill_reason(fill_cards(reader)))


def names_in(page: Page) -> list[str]:
    """The names of the files that the page lists, in its order."""
    buttons = (words for form in page.forms for words in form.buttons)
    return [words.removeprefix("删除").strip() for words in buttons if words.startswith("删除")]


def test_papers_are_asked_for_that_fit_the_reasons(evidence: Page) -> None:
    form = evidence.form("保存并继续")
    assert form.files == ["files.income", "files.medical", "files.other"]
    assert [value for _, name, value in form.boxes if name == "no_evidence"] == ["income", "medical"]
    assert "您选择了“本人或家人患病”。" in evidence.text
    assert "（尾号 0007）" in evidence.text


def test_several_files_are_taken_at_once_and_listed_under_their_headings(evidence: Page, hub: Hub) -> None:
    several = {
        "files.income": [("工资单.pdf", pdf("one")), ("流水.pdf", pdf("two"))],
        "files.medical": [("清单.pdf", pdf("three"))],
    }
    there = evidence.press("上传", files=several)
    assert names_in(there) == ["工资单.pdf", "流水.pdf", "清单.pdf"]
    assert count(hub, EvidenceRecord) == 3


def test_files_are_kept_once_and_removed(evidence: Page, hub: Hub) -> None:
    sending: dict[str, Any] = {"files.income": ("工资单.pdf", pdf("one"))}
    first = evidence.press("上传", files=sending)
    again = first.press("上传", files=sending)
    assert names_in(again) == ["工资单.pdf"]
    assert count(hub, EvidenceRecord) == 1
    [delete] = [words for words in again.form("保存并继续").buttons if words.startswith("删除")]
    assert names_in(again.press(delete)) == []
    assert count(hub, EvidenceRecord) == 0
    assert list((hub.settings.home / "evidence").rglob("*.part")) == []


def test_wrong_files_are_named_one_by_one_and_right_ones_kept(evidence: Page, hub: Hub) -> None:
    several = {
        "files.income": [SHEET, ("工资单.pdf", pdf("one")), ("空.pdf", b"")],
        "files.medical": [("假.pdf", b"no such thing")],
    }
    for button in ("上传", "保存并继续", "稍后再填"):
        page = evidence.press(button, files=several)
        assert page.status == 422
        for name in ("表.xlsx", "空.pdf", "假.pdf"):
            assert f"“{name}”没有保存：" in page.text
        assert {"f-files-income-error", "f-files-medical-error"} <= page.ids
        assert names_in(page) == ["工资单.pdf"]
        assert count(hub, EvidenceRecord) == 1


def test_nothing_chosen_is_asked_for_by_whoever_uploads(evidence: Page, hub: Hub) -> None:
    page = evidence.press("上传")
    assert (page.status, "请附上文件。" in page.text) == (422, True)
    assert count(hub, EvidenceRecord) == 0


def test_earlier_files_are_still_listed_beside_what_is_wrong(evidence: Page) -> None:
    there = evidence.press("上传", files={"files.income": ("工资单.pdf", pdf("one"))})
    wrong = there.press("保存并继续", files={"files.medical": SHEET})
    assert (wrong.status, names_in(wrong)) == (422, ["工资单.pdf"])


def test_under_each_heading_only_so_many_are_taken(evidence: Page, hub: Hub) -> None:
    many = [(f"{n}.pdf", pdf(str(n))) for n in range(MAX_FILES + 1)]
    page = evidence.press("上传", files={"files.income": many, "files.other": ("身份证.pdf", pdf("id"))})
    assert page.status == 422
    assert "“10.pdf”没有保存：每类材料最多 10 个文件，可以先删除一个。" in page.text
    assert len(names_in(page)) == count(hub, EvidenceRecord) == MAX_FILES + 1


def test_who_sends_too_many_is_told_to_wait_and_keeps_what_was_taken(
    evidence: Page, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "UPLOADS_A_PERSON", replace(UPLOADS_A_PERSON, amount=1))
    two = [("一.pdf", pdf("one")), ("二.pdf", pdf("two"))]
    page = evidence.press("上传", files={"files.income": two})
    assert page.status == 422
    assert "“二.pdf”没有保存：上传得太快，请在 " in page.text
    assert names_in(page) == ["一.pdf"]


def test_nothing_is_said_for_a_person_who_leaves_or_goes_on_without_papers(evidence: Page) -> None:
    reader = evidence.reader
    assert "证明材料 未开始" in evidence.press("稍后再填").text
    assert reader.open("/apply/evidence").press("保存并继续").address == "/apply/plan"
    assert "证明材料 已完成" in reader.open("/apply/steps").text
    again = reader.open("/apply/evidence")
    assert [name for name, _ in again.form("保存并继续").fields if name == "no_evidence"] == []
    assert "证明材料 已完成" in again.press("稍后再填").text


def test_no_papers_for_now_is_an_answer(evidence: Page) -> None:
    assert evidence.press("保存并继续", {"no_evidence": ["medical"]}).address == "/apply/plan"
    again = evidence.reader.open("/apply/evidence")
    assert [value for name, value in again.form("保存并继续").fields if name == "no_evidence"] == ["medical"]
    kept = again.press("上传", files={"files.medical": ("清单.pdf", pdf("bill"))})
    assert [value for name, value in kept.form("保存并继续").fields if name == "no_evidence"] == []


def sent_whole(page: Page, *files: tuple[str, bytes]) -> Page:
    """What the page of the files answers to a form as a browser sends it, which no test client laid aside."""
    form = page.form("上传")
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (*form.fields, ("do", "upload"))
    ]
    for name, content in files:
        head = f'--x\r\nContent-Disposition: form-data; name="files.income"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join([*parts, b"--x--\r\n"])
    answer = page.reader.web.post(form.action, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 303
    return page.reader.open(answer.headers["Location"])


@pytest.mark.parametrize(("size", "told"), [(11 * 2**20, "11"), (10 * 2**20 + 1, "10.1")])
def test_a_file_that_is_too_large_is_named_with_its_size_and_the_limit(
    evidence: Page, hub: Hub, size: int, told: str
) -> None:
    page = sent_whole(evidence, ("大.pdf", pdf(size=size)), ("小.pdf", pdf("small")))
    assert page.status == 422
    assert f"“大.pdf”没有保存：文件有 {told} MB，最多 10 MB。" in page.text
    assert names_in(page) == ["小.pdf"]


def test_files_that_are_too_large_together_are_not_read(evidence: Page, hub: Hub) -> None:
    page = sent_whole(evidence, *((f"{n}.pdf", pdf(str(n), size=9 * 2**20)) for n in range(5)))
    assert page.status == 422
    assert "这次选的文件一共有 45.1 MB，一次最多 40 MB。请分几次上传。" in page.text
    assert count(hub, EvidenceRecord) == 0
