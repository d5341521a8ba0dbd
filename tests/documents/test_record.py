"""The record as a ZIP: what is in it, that it streams, and that packing it twice gives the same bytes."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest

from hub.documents.record import EvidenceFile, RecordParts, write_record
from hub.domain.errors import InvalidValue
from tests.documents.records import FORM_PDF, log_lines, record_parts


class Pipe(io.RawIOBase):
    """A sink like a socket: it can only be written to."""

    def __init__(self) -> None:
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = len(bytes(memoryview(data)))  # type: ignore[arg-type]
        self.written += size
        return size


def packed(parts: RecordParts) -> bytes:
    out = io.BytesIO()
    write_record(out, parts)
    return out.getvalue()


def test_a_record_holds_its_parts_under_their_names() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(record_parts()))) as record:
        assert record.testzip() is None
        assert record.namelist() == [
            "README.txt", "verify.py", "log.jsonl", "application-form.pdf", "agreement.pdf",
            "evidence/e-1.pdf", "evidence/e-2.jpg",
        ]  # fmt: skip
        assert record.read("application-form.pdf") == FORM_PDF
        assert [json.loads(line) for line in record.read("log.jsonl").split(b"\n")[:-1]] == log_lines()


def test_documents_that_do_not_exist_are_left_out() -> None:
    parts = RecordParts(log=log_lines(), evidence=())
    with zipfile.ZipFile(io.BytesIO(packed(parts))) as record:
        assert record.namelist() == ["README.txt", "verify.py", "log.jsonl"]


def test_the_same_parts_give_the_same_bytes() -> None:
    assert packed(record_parts()) == packed(record_parts())


def test_no_file_tells_when_it_was_packed() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(record_parts()))) as record:
        assert {info.date_time for info in record.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_read_me_speaks_both_languages() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(record_parts()))) as record:
        readme = record.read("README.txt").decode()
    assert "怎样核对" in readme
    assert "How to check it" in readme


def test_evidence_passes_through_without_being_held() -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(64):
            yield bytes(1 << 20)

    out = Pipe()
    parts = RecordParts(log=(), evidence=[EvidenceFile(id="big", extension="pdf", chunks=chunks())])
    tracemalloc.start()
    try:
        write_record(out, parts)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out.written > 64 << 20
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("file_id", "extension"),
    [("../a", "pdf"), ("a/b", "pdf"), ("", "pdf"), (".a", "pdf"), ("a", "p/f"), ("a", ""), ("a", "tar.gz")],
)
def test_a_name_that_could_leave_its_folder_is_refused(file_id: str, extension: str) -> None:
    with pytest.raises(InvalidValue, match="record_file_name"):
        EvidenceFile(id=file_id, extension=extension, chunks=())
