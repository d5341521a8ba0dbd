"""The record to read: printed as of all that was said, kept and logged like any paper, and once for each state."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from hub.documents import verify
from hub.documents.printing import print_pdf
from hub.documents.record_paper import html_of
from hub.domain.actor import HUB
from hub.domain.errors import Unusable
from hub.services.documents import record_paper, records
from hub.services.documents.record_paper import print_record
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.log_heads.signed import sign


@pytest.fixture
def case(agreed: Case) -> Case:
    """A negotiation with an agreement and its paper."""
    return agreed


def printed(case: Case) -> list[str]:
    """What `print_record` is given to print, each time that something is."""
    asked: list[str] = []

    def printer(html: str) -> bytes:
        asked.append(html)
        return b"%PDF-1.7 as of " + str(len(case.log())).encode()

    assert print_record(case.hub, printer, case.hub.store, case.id)
    return asked


def papers_logged(case: Case) -> int:
    return sum(file.kind == "record" for each in case.log() for file in each.header.attachments)


def test_it_holds_every_entry_in_its_order_with_the_files_it_names(case: Case) -> None:
    entries = case.log()
    [html] = printed(case)
    for each in entries:
        assert each.digest[:12] in html
        for line in (each.text or "").splitlines():
            assert line.strip().partition(" ")[0] in html
    places = [html.index(each.digest[:12]) for each in entries]
    assert places == sorted(places)
    assert "工资单" in html
    assert f"截至第 {len(entries)} 条" in html


def test_the_newest_signed_head_stands_at_its_end_where_there_is_one(case: Case) -> None:
    [html] = printed(case)
    assert "平台日志的签署首部" not in html
    head = sign(case)
    case.write("还想问一下。")
    [html] = printed(case)
    assert f"第 {head.number} 号，密钥 {head.key_id}" in html
    assert head.root in html


def test_it_is_in_the_log_and_printed_again_only_once_something_was_said(case: Case) -> None:
    assert len(printed(case)) == 1
    assert (papers_logged(case), printed(case)) == (1, [])
    case.write("还想问一下。")
    assert len(printed(case)) == 1
    assert papers_logged(case) == 2
    with case.row() as (tx, row):
        assert record_paper.is_printed(tx, row)
        newest = records.document(tx, case.hub.store, row, records.RECORD)
        assert newest.file_name.endswith("-record.pdf")


def test_where_nothing_can_be_printed_nothing_is_changed(case: Case) -> None:
    before = len(case.log())

    def broken(_html: str) -> bytes:
        raise Unusable("no font")

    assert not print_record(case.hub, broken, case.hub.store, case.id)
    assert len(case.log()) == before
    with case.row() as (tx, row):
        assert not record_paper.is_printed(tx, row)


def test_the_zip_holds_it_and_the_check_tells_another_one_from_it(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "record"
    printed(case)
    case.write("还想问一下。")
    out = BytesIO()
    hub = case.hub
    with case.row() as (_, row):
        negotiation = row

    gathered = records.gather_whole(
        hub, HUB, lambda _html: b"%PDF-1.7 new", hub.store, lambda tx: records.gather(tx, hub.store, negotiation)
    )
    gathered.write(out)
    with zipfile.ZipFile(out) as packed:
        packed.extractall(folder)
    assert (folder / "record.pdf").read_bytes() == b"%PDF-1.7 new"
    assert verify.DOCUMENTS["record"] == "record.pdf"

    def verified() -> int:
        run = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, check=False)
        assert b"Traceback" not in run.stderr
        return run.returncode

    assert verified() == 0
    # The one that the newer one took the place of is there too.
    assert [each.read_bytes()[:8] for each in (folder / "earlier-documents").iterdir()] == [b"%PDF-1.7"]
    (folder / "record.pdf").write_bytes(b"%PDF-1.7 other")
    assert verified() == 1


@pytest.mark.slow
def test_the_printed_paper_is_tagged_small_and_says_what_was_said(open_case: OpenCase) -> None:
    case = open_case()
    case.write("我想问一下，能不能从下个月开始还？")
    with case.row() as (tx, row):
        html = html_of(record_paper.paper_of(tx, row))
    pdf = print_pdf(html)
    reader = PdfReader(BytesIO(pdf))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "能不能从下个月开始还" in text.replace("\n", "")
    root: Any = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "zh-CN")
    assert len(pdf) < 200_000
    # Narrow enough to be read on a phone without going sideways.
    assert float(reader.pages[0].mediabox.width) < 430


@pytest.mark.slow
def test_what_a_bank_said_is_printed_once_and_in_the_size_of_the_rest(open_case: OpenCase) -> None:
    case = open_case()
    said = "请补充最近三个月的工资单"
    case.acknowledge()
    case.ask(said)
    with case.row() as (tx, row):
        pdf = print_pdf(html_of(record_paper.paper_of(tx, row)))
        bank = tx.bank(row.bank_code).name_zh
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert "".join(pages).replace("\n", "").count(said) == 1
    # At the foot of each page stands the bank, and nothing of what it said.
    assert all(bank in each for each in pages)
