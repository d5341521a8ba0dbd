"""The whole record of a negotiation as one ZIP that can be checked without the hub.

The same parts give the same bytes: no entry carries the time it was packed.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from hub.documents.packing import add_member
from hub.documents.typesetting import TEMPLATES
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import header_bytes

_VERIFY = Path(__file__).with_name("verify.py")
_README = TEMPLATES / "record-readme.txt"
_EVIDENCE_ID = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}")
_DOCUMENT_NAME = re.compile(r"[a-z]+(-[a-z]+)*\.pdf")
_CONTENTS_NAME = re.compile(r"([a-z]+(-[a-z]+)*/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}\.(json|txt)")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """A file of the record: its bytes in `chunks`, read once while the ZIP is written."""

    id: str
    extension: str
    chunks: Iterable[bytes]

    def __post_init__(self) -> None:
        if not _EVIDENCE_ID.fullmatch(self.id) or not _EXTENSION.fullmatch(self.extension):
            raise InvalidValue("record_file_name")

    @property
    def name(self) -> str:
        """What the file is called in its folder of the ZIP."""
        return f"{self.id}.{self.extension}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordParts:
    """What a record holds: `log` as `Entry.line` gives it, oldest first; the `documents` that there are, by file name.

    `earlier` are documents that newer ones replaced, `amendments` the papers of what was agreed later. `evidence` as
    it was sent, `clean_copies` what banks got of its pictures.
    `contents` is what the log names by digests alone, by file name, with what it takes to check it.
    """

    log: Iterable[Mapping[str, object]]
    evidence: Iterable[EvidenceFile]
    clean_copies: Iterable[EvidenceFile] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)
    earlier: Iterable[EvidenceFile] = ()
    amendments: Iterable[EvidenceFile] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = all(_DOCUMENT_NAME.fullmatch(name) for name in self.documents)
        if not named or not all(_CONTENTS_NAME.fullmatch(name) for name in self.contents):
            raise InvalidValue("record_file_name")


def write_record(out: IO[bytes], parts: RecordParts) -> None:
    """`out`, which need not be seekable, holds the record's ZIP; evidence passes through chunk by chunk."""
    with zipfile.ZipFile(out, "w") as record:
        add_member(record, "README.txt", [_README.read_bytes()])
        add_member(record, "verify.py", [_VERIFY.read_bytes()])
        add_member(record, "log.jsonl", (header_bytes(line) + b"\n" for line in parts.log))
        for name, document in parts.documents.items():
            add_member(record, name, [document], packed=False)
        for name, content in parts.contents.items():
            add_member(record, name, [content])
        folders = (
            ("earlier-documents", parts.earlier),
            ("amendments", parts.amendments),
            ("evidence", parts.evidence),
            ("clean-copies", parts.clean_copies),
        )
        for folder, files in folders:
            for file in files:
                add_member(record, f"{folder}/{file.name}", file.chunks, packed=False)
