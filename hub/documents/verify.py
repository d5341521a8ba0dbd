"""Checks a record of a negotiation: python3 verify.py [FOLDER OR ZIP] [--head SEQUENCE:DIGEST].

Goes into every record. Needs Python 3.8 or later and nothing else, and shares no code with the hub that wrote
the record: it is a second reading of the rules that README.txt states.
核对一份协商记录：只需要 Python 3.8 以上，不依赖原系统。
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

HEADER = (
    *("negotiation", "sequence", "at", "channel", "party", "kind", "event", "from", "to"),
    *("attachments", "content", "previous"),
)
DOCUMENTS = {
    "application_form": "application-form.pdf",
    "agreement": "agreement.pdf",
    "default_notice": "default-notice.pdf",
    "clearance": "clearance.pdf",
    "record": "record.pdf",
}
LOG = "log.jsonl"
# Documents that newer ones replaced, each named by its id.
EARLIER = "earlier-documents/"
EVIDENCE = "evidence/"
COPIES, CLEAN_COPY = "clean-copies/", "clean_copy"
# Not files: what an entry commits to by digest, such as the terms of an offer or a message to the bank.
DATA = ("submission", "delivery", "offer", "agreement_contents", "amendment_contents", "payment")
# Papers of which there can be several, each named by its id.
AMENDMENTS, AMENDMENT = "amendments/", "amendment"
SALT = re.compile("[0-9a-f]{64}")
CHUNK = 1 << 20
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)


class BrokenError(Exception):
    """The record does not hold; the two sentences say where."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class BrokenEntryError(BrokenError):
    """The entry at `sequence` does not hold."""

    def __init__(self, sequence: int, zh: str, en: str) -> None:
        super().__init__(f"第 {sequence} 条有问题：{zh}", f"entry {sequence} is broken: {en}")


class File(NamedTuple):
    """A file that an entry names."""

    entry: int
    id: str
    kind: str
    sha256: str


class Record:
    """The files of a record, in a folder or in a ZIP that stays packed."""

    def __init__(self, place: Path) -> None:
        self._zip: zipfile.ZipFile | None = None
        self._folder = place
        if place.is_dir():
            found = [path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()]
        else:
            self._zip = zipfile.ZipFile(place)
            found = [name for name in self._zip.namelist() if not name.endswith("/")]
        self.names = sorted(set(found))
        if len(self.names) != len(found):
            raise BrokenError("压缩包里有重名的文件", "the ZIP holds two files of one name")

    def open(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb") if self._zip is None else self._zip.open(name)

    def sha256(self, name: str) -> str:
        total = hashlib.sha256()
        with self.open(name) as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                total.update(chunk)
        return total.hexdigest()

    def lines(self) -> Iterator[bytes]:
        # Split at line feeds alone: a text may hold other characters that Python counts as line ends.
        with self.open(LOG) as file:
            yield from file


def one_meaning(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of `pairs`; a key given twice could be read two ways, so it is refused."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def digest_of(line: dict[str, Any]) -> str:
    header = {key: line[key] for key in HEADER}
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode("utf-8")).hexdigest()


def read_line(raw: bytes, sequence: int) -> dict[str, Any]:
    """The entry that stands at `sequence`, if it has exactly the keys and types of an entry."""
    try:
        line = json.loads(raw.decode("utf-8"), object_pairs_hook=one_meaning)
        whole = isinstance(line, dict) and set(line) == {*HEADER, "text", "salt", "digest"}
        texts = ("negotiation", "at", "channel", "party", "kind", "content", "previous", "digest")
        whole = whole and all(isinstance(line[key], str) for key in texts)
        whole = whole and (line["text"] is None) == (line["salt"] is None)
        whole = whole and all(
            set(file) == {"id", "kind", "sha256", "size"}
            and all(isinstance(file[key], str) for key in ("id", "kind", "sha256"))
            for file in line["attachments"]
        )
    except (ValueError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise BrokenEntryError(sequence, "这一行不是完整的条目", "the line is not a whole entry")
    return dict(line)


def check_line(line: dict[str, Any], sequence: int, previous: str, negotiation: str | None) -> None:
    """Raises BrokenEntryError unless the entry belongs at `sequence` and says what it said when logged."""
    if type(line["sequence"]) is not int or line["sequence"] != sequence:
        raise BrokenEntryError(sequence, "序号不连续", "its sequence number is not the next one")
    if negotiation not in (None, line["negotiation"]):
        raise BrokenEntryError(sequence, "属于另一件协商", "it belongs to another negotiation")
    if line["previous"] != previous:
        raise BrokenEntryError(sequence, "与前一条接不上", "it does not follow the entry before it")
    try:
        if line["text"] is not None:
            if not SALT.fullmatch(line["salt"]):
                raise BrokenEntryError(sequence, "盐值不是 32 字节", "its salt is not 32 bytes")
            salted = bytes.fromhex(line["salt"]) + line["text"].encode("utf-8")
            if hashlib.sha256(salted).hexdigest() != line["content"]:
                raise BrokenEntryError(sequence, "文字与摘要不符", "its text does not match its digest")
        if digest_of(line) != line["digest"]:
            raise BrokenEntryError(sequence, "条目与摘要不符", "the entry does not match its digest")
    except (TypeError, UnicodeEncodeError):
        raise BrokenEntryError(sequence, "含有无法解读的内容", "it holds what cannot be read") from None


def check_chain(record: Record, heads: dict[int, str]) -> list[dict[str, Any]]:
    """All entries, each checked; `heads` are digests (or their beginnings) noted elsewhere."""
    entries: list[dict[str, Any]] = []
    previous, negotiation = "0" * 64, None
    for sequence, raw in enumerate(record.lines(), start=1):
        line = read_line(raw, sequence)
        check_line(line, sequence, previous, negotiation)
        previous, negotiation = line["digest"], line["negotiation"]
        if not previous.startswith(heads.pop(sequence, "")):
            raise BrokenEntryError(sequence, "与另行记下的摘要不符", "it does not match the digest noted elsewhere")
        entries.append(line)
    if not entries:
        raise BrokenEntryError(1, "记录是空的", "the log is empty")
    for sequence in sorted(heads):
        raise BrokenEntryError(sequence, "这一条不在记录里", "the log ends before it")
    return entries


def check_file(record: Record, name: str, file: File) -> None:
    """Raises BrokenError unless the bytes of `name` are those that the entry names."""
    try:
        found = record.sha256(name)
    except UNREADABLE:
        found = ""
    if found != file.sha256:
        raise BrokenEntryError(file.entry, f"文件 {name} 有改动", f"the file {name} is not the one it names")


def files_of(entries: list[dict[str, Any]]) -> list[File]:
    return [
        File(line["sequence"], file["id"], file["kind"], file["sha256"])
        for line in entries
        for file in line["attachments"]
    ]


def check_documents(record: Record, files: list[File]) -> Iterator[tuple[str, str]]:
    """A note (zh, en) for each document that is absent; raises BrokenError for one that was changed or added."""
    replaced = {name for name in record.names if name.startswith(EARLIER)}
    for kind, name in DOCUMENTS.items():
        printed = [file for file in files if file.kind == kind]
        if name in record.names and not printed:
            raise BrokenError(f"{name} 没有记入日志", f"{name} was never entered in the log")
        if name in record.names:
            check_file(record, name, printed[-1])
        for file in printed if name not in record.names else printed[:-1]:
            earlier = f"{EARLIER}{file.id}.pdf"
            if earlier in replaced:
                replaced.remove(earlier)
                check_file(record, earlier, file)
                continue
            yield (
                f"第 {file.entry} 条的 {name}（当时的版本）不在本记录里",
                f"{name} as of entry {file.entry} is not in this record",
            )
    for name in sorted(replaced):
        raise BrokenError(f"{name} 没有记入日志", f"{name} was never entered in the log")


def check_folders(record: Record, files: list[File]) -> Iterator[tuple[str, str]]:
    """A note (zh, en) for each file of a folder that is absent; raises BrokenError for one changed or added."""
    others = {*DOCUMENTS, *DATA, CLEAN_COPY, AMENDMENT}
    yield from check_folder(record, AMENDMENTS, [file for file in files if file.kind == AMENDMENT])
    yield from check_folder(record, EVIDENCE, [file for file in files if file.kind not in others])
    yield from check_folder(record, COPIES, [file for file in files if file.kind == CLEAN_COPY])


def check_folder(record: Record, folder: str, files: list[File]) -> Iterator[tuple[str, str]]:
    litter = ("Thumbs.db", "desktop.ini")
    names = [name for name in record.names if name.startswith(folder)]
    names = [name for name in names if not (name.split("/")[-1].startswith(".") or name.endswith(litter))]
    by_id = {name[len(folder) :].rsplit(".", 1)[0]: name for name in names}
    known = set()
    for file in files:
        known.add(by_id.get(file.id))
        if file.id in by_id:
            check_file(record, by_id[file.id], file)
        else:
            yield (
                f"第 {file.entry} 条的材料 {file.id} 不在本记录里（可能已按规定删除）",
                f"the evidence {file.id} of entry {file.entry} is absent (it may have been erased)",
            )
    for name in names:
        if name not in known:
            raise BrokenError(f"{name} 没有记入日志", f"{name} was never entered in the log")


def say(mark: str, zh: str, en: str) -> None:
    sys.stdout.write(f"{mark}  {zh} / {en}\n")


def check(place: Path, heads: dict[int, str]) -> None:
    """Prints a line for each finding; raises BrokenError at the first thing that does not hold."""
    record = Record(place)
    if LOG not in record.names:
        raise BrokenError(f"没有 {LOG}", f"{LOG} is missing")
    entries = check_chain(record, heads)
    files = files_of(entries)
    for line in entries:
        if line["text"] is None:
            n = line["sequence"]
            say(
                "--",
                f"第 {n} 条的文字已删除，摘要仍在",
                f"the text of entry {n} was erased, its digest remains",
            )
    for check_part in (check_documents, check_folders):
        for zh, en in check_part(record, files):
            say("--", zh, en)
    head = f"{len(entries)}:{entries[-1]['digest']}"
    say("OK", f"{len(entries)} 条全部相符，末条 {head}", f"all {len(entries)} entries hold, head {head}")


def noted_head(text: str) -> tuple[int, str]:
    match = re.fullmatch(r"([1-9][0-9]{0,8}):([0-9a-f]{12,64})", text.strip().lower())
    if match is None:
        raise argparse.ArgumentTypeError("SEQUENCE:DIGEST, at least 12 characters of the digest")
    return int(match.group(1)), match.group(2)


def main(arguments: list[str] | None = None) -> int:
    """0 when the record holds, 1 when it does not, 2 when it cannot be opened."""
    parser = argparse.ArgumentParser(description="核对一份协商记录 / check a record of a negotiation")
    parser.add_argument("place", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--head", action="append", type=noted_head, default=[], metavar="SEQUENCE:DIGEST")
    given = parser.parse_args(arguments)
    if not given.place.exists():
        parser.error(f"找不到 {given.place} / there is no {given.place}")
    try:
        check(given.place, dict(given.head))
    except BrokenError as broken:
        say("!!", broken.zh, broken.en)
        return 1
    except UNREADABLE as error:
        say("!!", f"读不出来：{error}", f"cannot be read: {error}")
        return 1
    return 0


if __name__ == "__main__":
    # A terminal that cannot show Chinese still shows the English.
    getattr(sys.stdout, "reconfigure", lambda **_: None)(errors="backslashreplace")
    sys.exit(main())
