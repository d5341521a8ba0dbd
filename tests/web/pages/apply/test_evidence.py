"""The step of the evidence."""

from __future__ import annotations

import pytest

from hub.wiring import Hub
from storage.records import EvidenceRecord
from tests.applications import pdf
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason
from tests.web.pages.reader import Reader


def test_files_are_listed_removed_and_kept_once(reader: Reader, hub: Hub) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    sending = {"kind": "payslip"}
    first = page.press("上传", sending, files={"file": ("工资单.pdf", pdf("one"))})
    again = first.press("上传", sending, files={"file": ("工资单.pdf", pdf("one"))})
    assert again.text.count("工资单.pdf") == 2  # once in the list, once for those who hear the page
    assert count(hub, EvidenceRecord) == 1
    wrong = again.press("上传", sending, files={"file": ("表.xlsx", b"PK\x03\x04" + b"0" * 64)})
    assert wrong.status == 422
    assert "工资单.pdf" in wrong.text
    assert "f-file-error" in wrong.ids
    assert again.press("上传", sending).status == 422
    gone = again.press("删除 工资单.pdf" if "删除 工资单.pdf" in again.forms[1].buttons else "删除工资单.pdf")
    assert "还没有文件" in gone.text
    assert count(hub, EvidenceRecord) == 0
    assert list((hub.settings.home / "evidence").rglob("*.part")) == []


@pytest.mark.parametrize(("size", "told"), [(11 * 2**20, "11.1"), (10 * 2**20 + 1, "10.1")], ids=["unread", "read"])
def test_a_file_that_is_too_large_is_named_with_its_size_and_the_limit(reader: Reader, size: int, told: str) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    address, data = page.sent("上传", {"kind": "payslip"}, files={"file": ("大.pdf", pdf())})
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{data[name]}\r\n' for name in ("csrf_token", "do")
    ]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="大.pdf"\r\n\r\n'
    body = "".join([*parts, file]).encode() + pdf(size=size) + b"\r\n--x--\r\n"
    refused = reader.web.post(address, data=body, content_type="multipart/form-data; boundary=x")
    shown = reader.open(refused.headers["Location"])
    assert shown.status == 422
    assert f"“大.pdf”没有保存：文件有 {told} MB，最多 10 MB。" in shown.text
    assert "添加一个文件" in shown.text
