"""Checks a record of a negotiation: python3 verify.py [FOLDER OR ZIP] [--head SEQUENCE:DIGEST or FILE]
[--printed NUMBER:ROOT].

Goes into every record. Needs Python 3.8 or later and nothing else, and shares no code with the hub that wrote
the record: it is a second reading of the rules that README.txt states. One file, so that it can be carried alone.
核对一份协商记录：只需要 Python 3.8 以上，不依赖原系统。
"""

from __future__ import annotations

import argparse
import email
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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
# The kind of an entry that tells of an erasure, and of each attachment that names by its digest what is gone.
ERASED = "erased"
# What an entry commits to by the digest of a salt and contents, and where those are; "" where they are not enclosed.
DATA = {
    "submission": "",
    "delivery": "",
    "offer": "offers/",
    "agreement_contents": "",
    "amendment_contents": "amendment-contents/",
    "payment": "payments/",
    "viewing_pages": "",
}
SUBMISSION, EARLIER_SUBMISSIONS = "submission.json", "earlier-submissions/"
AGREEMENT = "agreement.json"
SALTS, PROOF, CONSENTS = "salts.json", "log-proof.json", "consents/"
# Papers of which there can be several, each named by its id.
AMENDMENTS, AMENDMENT = "amendments/", "amendment"
SALT = re.compile("[0-9a-f]{64}")
HEAD_KEYS = {"number", "at", "entries", "root", "previous", "key_id", "signature"}
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

    def json(self, name: str) -> Any:
        try:
            with self.open(name) as file:
                return json.loads(file.read().decode("utf-8"), object_pairs_hook=one_meaning)
        except (ValueError, RecursionError):
            raise BrokenError(f"{name} 读不出来", f"{name} cannot be read") from None

    def sha256(self, name: str, salt: bytes = b"") -> str:
        total = hashlib.sha256(salt)
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


def erased_by(entries: list[dict[str, Any]]) -> set[str]:
    """The digests of all that entries say was erased."""
    return {
        file["sha256"]
        for line in entries
        if line["kind"] == ERASED
        for file in line["attachments"]
        if file["kind"] == ERASED
    }


def check_erased(entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """A note (zh, en) for each text that was erased; raises BrokenError for one that is missing otherwise."""
    erased = erased_by(entries)
    for line in entries:
        n = line["sequence"]
        if line["text"] is None and line["content"] not in erased:
            raise BrokenEntryError(
                n, "文字缺失，日志里没有删除记录", "its text is missing, and no entry says it was erased"
            )
        if line["text"] is None:
            yield f"第 {n} 条的文字已按规定删除，摘要仍在", f"the text of entry {n} was erased, its digest remains"


def files_of(entries: list[dict[str, Any]]) -> list[File]:
    return [
        File(line["sequence"], file["id"], file["kind"], file["sha256"])
        for line in entries
        for file in line["attachments"]
    ]


def absent(name: str, file: File, erased: set[str]) -> tuple[str, str]:
    """What is said of something that is not in the record; erased it is only where an entry says so."""
    if file.sha256 in erased:
        return f"第 {file.entry} 条的 {name} 已按规定删除", f"{name} of entry {file.entry} was erased"
    return f"第 {file.entry} 条的 {name} 不在本记录里", f"{name} of entry {file.entry} is not in this record"


def check_documents(record: Record, files: list[File], erased: set[str]) -> Iterator[tuple[str, str]]:
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
            yield absent(name, file, erased)
    for name in sorted(replaced):
        raise BrokenError(f"{name} 没有记入日志", f"{name} was never entered in the log")


def is_content(record: Record, name: str, salts: Any, file: File) -> bool:
    """Whether `name` holds the contents that the entry names; entries of before there were salts name them bare."""
    salt = salts.get(f"{file.kind}/{file.id}", "")
    bare = record.sha256(name) == file.sha256
    return bare or (bool(SALT.fullmatch(salt)) and record.sha256(name, bytes.fromhex(salt)) == file.sha256)


def places_of(files: list[File]) -> Iterator[tuple[str, File]]:
    """The name of each of the enclosed contents, with what the log last said of it."""
    submissions = [file for file in files if file.kind == "submission"]
    for version, file in enumerate(submissions, start=1):
        yield SUBMISSION if version == len(submissions) else f"{EARLIER_SUBMISSIONS}{version}.json", file
    for file in {file.id: file for file in files if file.kind == "agreement_contents"}.values():
        yield AGREEMENT, file
    for kind, folder in DATA.items():
        if folder:
            for file in {file.id: file for file in files if file.kind == kind}.values():
                yield f"{folder}{file.id}.json", file


def check_contents(record: Record, files: list[File], erased: set[str]) -> Iterator[tuple[str, str]]:
    """A note (zh, en) for contents that are absent; raises BrokenError for those that were changed or added."""
    salts = record.json(SALTS) if SALTS in record.names else {}
    known = set()
    for name, file in places_of(files):
        known.add(name)
        if name not in record.names:
            yield absent(name, file, erased)
        elif not is_content(record, name, salts, file):
            raise BrokenEntryError(file.entry, f"{name} 有改动", f"{name} is not what it names")
    folders = (EARLIER_SUBMISSIONS, *filter(None, DATA.values()))
    for name in record.names:
        if (name.startswith(folders) or name in (SUBMISSION, AGREEMENT)) and name not in known:
            raise BrokenError(f"{name} 没有记入日志", f"{name} was never entered in the log")


def check_consents(record: Record) -> Iterator[tuple[str, str]]:
    """A note (zh, en) for each text of a consent that is absent; raises BrokenError for one that nothing names."""
    named = set()
    for name in record.names:
        if name == SUBMISSION or name.startswith(EARLIER_SUBMISSIONS):
            given = record.json(name)["consents"]
            named |= {f"{CONSENTS}{each['purpose']}.{each['version']}.txt" for each in given}
    for name in sorted(named - set(record.names)):
        yield f"{name} 不在本记录里", f"{name} is not in this record"
    for name in record.names:
        if name.startswith(CONSENTS) and name not in named:
            raise BrokenError(f"申请没有提到 {name}", f"no submission names {name}")
        if name in named:
            # The digest that the hub has published for this text; nobody need believe the record for it.
            yield f"{name} 的摘要 {record.sha256(name)}", f"the digest of {name}"


def check_folders(record: Record, files: list[File], erased: set[str]) -> Iterator[tuple[str, str]]:
    """A note (zh, en) for each file of a folder that is absent; raises BrokenError for one changed or added."""
    others = {*DOCUMENTS, *DATA, CLEAN_COPY, AMENDMENT, ERASED}
    yield from check_folder(record, AMENDMENTS, [file for file in files if file.kind == AMENDMENT], erased)
    yield from check_folder(record, EVIDENCE, [file for file in files if file.kind not in others], erased)
    yield from check_folder(record, COPIES, [file for file in files if file.kind == CLEAN_COPY], erased)


def check_folder(record: Record, folder: str, files: list[File], erased: set[str]) -> Iterator[tuple[str, str]]:
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
            yield absent(f"{folder}{file.id}", file, erased)
    for name in names:
        if name not in known:
            raise BrokenError(f"{name} 没有记入日志", f"{name} was never entered in the log")


# The hub's seals on papers (PAdES): as far as they can be read without libraries for PDF, CMS and certificates.

SEALED = ("agreement", "default_notice", "clearance")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
# The attribute messageDigest (RFC 5652, 11.2) with 32 bytes to come: a time stamp holds another, but behind it.
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d01090431220420")


def is_sealed(content: bytes) -> bool | None:
    """Whether a seal is over all of the file, as its digest has it; None where the file has no seal.

    Who made the signature, by which certificate and when are not looked at: that takes a PDF reader.
    """
    found = BYTE_RANGE.findall(content)
    if not found:
        return None
    start, length, second, rest = (int(each) for each in found[-1])
    gap = content[length:second]
    if start or second + rest != len(content) or gap[:1] + gap[-1:] != b"<>":
        return False
    try:
        signed = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return False
    digest = hashlib.sha256(content[:length] + content[second:]).digest()
    place = signed.find(MESSAGE_DIGEST) + len(MESSAGE_DIGEST)
    return place >= 2 * len(MESSAGE_DIGEST) and signed[place : place + len(digest)] == digest


def check_seals(record: Record) -> Iterator[tuple[str, str, str]]:
    """A line (mark, zh, en) for each paper that may be sealed; raises BrokenError for a seal that is over another."""
    expected = {DOCUMENTS[kind] for kind in SEALED}
    for name in record.names:
        if name not in expected and not name.startswith((AMENDMENTS, EARLIER)):
            continue
        with record.open(name) as file:
            sealed = is_sealed(file.read())
        if sealed is False:
            raise BrokenError(f"{name} 的电子签章与文件不符", f"the seal on {name} is not over this file")
        if sealed:
            yield (
                "OK",
                f"{name} 有电子签章，覆盖整个文件；签名本身和证书请用 PDF 阅读器核对",
                f"{name} has a seal over the whole file; its signature and certificate are for a PDF reader to check",
            )
        elif not name.startswith(EARLIER):
            yield "--", f"{name} 没有电子签章", f"{name} has no seal"


# Signed heads of the hub's whole log: its Merkle tree (RFC 9162, 2.1) and Ed25519 (RFC 8032, 5.1 and 6).


def canonical(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def climb(place: int, last: int, path: list[bytes]) -> Iterator[tuple[bool, bytes]]:
    """(whether it stands on the left, the node) of each step of a proof upwards."""
    for each in path:
        if last == 0:
            raise ValueError("the proof is too long")
        if place & 1 or place == last:
            yield True, each
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            yield False, each
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")


def root_above(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    if not 0 <= index < size:
        raise ValueError("the leaf is outside the tree")
    found = hashlib.sha256(b"\x00" + leaf).digest()
    for on_the_left, each in climb(index, size - 1, path):
        found = node(each, found) if on_the_left else node(found, each)
    return found


def roots_above(earlier: int, later: int, earlier_root: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """The roots of both trees, as the proof has them."""
    nodes = [earlier_root, *path] if earlier & (earlier - 1) == 0 else path
    if not 0 < earlier <= later or not nodes:
        raise ValueError("the proof is too short")
    place, last = earlier - 1, later - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = nodes[0]
    for on_the_left, each in climb(place, last, nodes[1:]):
        first = node(each, first) if on_the_left else first
        second = node(each, second) if on_the_left else node(second, each)
    return first, second


P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def point_of(raw: bytes) -> Point | None:
    y, sign = int.from_bytes(raw, "little") & (1 << 255) - 1, raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    key, first = point_of(public), point_of(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    base = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if key is None or first is None or base is None or factor >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = times(factor, base), add(first, times(int.from_bytes(digest, "little") % ORDER, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def check_signature(head: dict[str, Any], keys: dict[str, str]) -> None:
    number = head["number"]
    public = bytes.fromhex(keys.get(head["key_id"], ""))
    if hashlib.sha256(public).hexdigest()[:16] != head["key_id"]:
        raise BrokenError(f"第 {number} 号首部的公钥不在本记录里", f"the key of head {number} is not in this record")
    signed = canonical({key: value for key, value in head.items() if key != "signature"})
    if not is_signed(public, signed, bytes.fromhex(head["signature"])):
        raise BrokenError(f"第 {number} 号首部的签名不符", f"the signature of head {number} does not hold")


def check_proof(
    record: Record, entries: list[dict[str, Any]], kept: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """A line for each head that holds; raises BrokenError for a log that is not the one a head was signed over."""
    if PROOF not in record.names:
        if kept:
            raise BrokenError("本记录没有日志首部的证明", "this record holds no proof of signed heads")
        return
    try:
        yield from check_heads(record.json(PROOF), entries, kept)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BrokenError(f"{PROOF} 不成立", f"{PROOF} does not hold") from None


def check_heads(
    proof: dict[str, Any], entries: list[dict[str, Any]], kept: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    newest, size = proof["head"], proof["size"]
    check_signature(newest, proof["keys"])
    for end in proof["ends"]:
        n = end["length"]
        if n > len(entries) or entries[n - 1]["digest"] != end["head"]:
            raise BrokenEntryError(n, "与已签署的首部不符", "it is not the one that a signed head covers")
        leaf = canonical({"chain": entries[0]["negotiation"], "length": n, "head": end["head"]})
        if root_above(leaf, end["index"], size, [bytes.fromhex(each) for each in end["path"]]).hex() != newest["root"]:
            raise ValueError("not under the head")
    earlier = {each["head"]["number"]: each for each in proof["earlier"]}
    for head in kept:
        if "signature" in head:
            check_signature(head, proof["keys"])
        number, mine = head["number"], earlier.get(head["number"])
        known = newest if number == newest["number"] else mine and mine["head"]
        if known is None:
            raise BrokenError(
                f"本记录没有第 {number} 号首部的证明，请在导出记录时写明这个号码",
                f"this record holds no proof of head {number}: ask for one that names this number",
            )
        if {key: known[key] for key in head} != head:
            raise BrokenError(f"第 {number} 号首部不是这一份", f"head {number} is not that one: the log was rewritten")
        check_signature(known, proof["keys"])
        if mine is not None:
            path = [bytes.fromhex(each) for each in mine["path"]]
            roots = roots_above(mine["size"], size, bytes.fromhex(head["root"]), path)
            if [root.hex() for root in roots] != [head["root"], newest["root"]]:
                raise ValueError("not the same tree")
        within = size if mine is None else mine["size"]
        covered = max([end["length"] for end in proof["ends"] if end["index"] < within], default=0)
        yield f"第 {number} 号首部相符，覆盖前 {covered} 条", f"head {number} holds, over the first {covered} entries"


def say(mark: str, zh: str, en: str) -> None:
    sys.stdout.write(f"{mark}  {zh} / {en}\n")


def check(place: Path, heads: dict[int, str], kept: Sequence[dict[str, Any]] = ()) -> None:
    """Prints a line for each finding; raises BrokenError at the first thing that does not hold.

    `heads` are digests of entries that were noted elsewhere, `kept` are signed heads of the hub's whole log.
    """
    record = Record(place)
    if LOG not in record.names:
        raise BrokenError(f"没有 {LOG}", f"{LOG} is missing")
    entries = check_chain(record, heads)
    files = files_of(entries)
    for zh, en in check_erased(entries):
        say("--", zh, en)
    for zh, en in check_proof(record, entries, kept):
        say("OK", zh, en)
    for check_part in (check_documents, check_folders, check_contents):
        for zh, en in check_part(record, files, erased_by(entries)):
            say("--", zh, en)
    for zh, en in check_consents(record):
        say("--", zh, en)
    for mark, zh, en in check_seals(record):
        say(mark, zh, en)
    head = f"{len(entries)}:{entries[-1]['digest']}"
    say("OK", f"{len(entries)} 条全部相符，末条 {head}", f"all {len(entries)} entries hold, head {head}")


def noted_head(text: str) -> Any:
    """(sequence, digest) of an entry, or every signed head of a file: a mail, JSON, an answer of the hub's API."""
    match = re.fullmatch(r"([1-9][0-9]{0,8}):([0-9a-f]{12,64})", text.strip().lower())
    if match is not None:
        return int(match.group(1)), match.group(2)
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError("SEQUENCE:DIGEST with at least 12 characters of the digest, or a file")
    kept = heads_in(Path(text).read_bytes())
    if not kept:
        raise argparse.ArgumentTypeError(f"{text} 里没有日志首部 / there is no signed head in {text}")
    return kept


def printed_head(text: str) -> dict[str, Any]:
    """What a paper shows of a signed head, blanks and line ends and all: it is compared with the record's proof."""
    match = re.fullmatch(r"([1-9][0-9]{0,8}):([0-9a-f]{64})", "".join(text.split()).lower())
    if match is None:
        raise argparse.ArgumentTypeError("NUMBER:ROOT with all 64 characters of the root")
    return {"number": int(match.group(1)), "root": match.group(2)}


def heads_in(content: bytes) -> list[dict[str, Any]]:
    message = email.message_from_bytes(content)
    parts = [content]
    if "Content-Type" in message:
        payloads = [part.get_payload(decode=True) for part in message.walk()]
        parts = [each for each in payloads if isinstance(each, bytes)]
    found: list[dict[str, Any]] = []
    for part in parts:
        for each in re.findall(r"\{[^{}]*\}", part.decode("utf-8", "replace")):
            try:
                data = json.loads(each)
            except ValueError:
                continue
            if isinstance(data, dict) and set(data) == HEAD_KEYS and data not in found:
                found.append(data)
    return found


def main(arguments: list[str] | None = None) -> int:
    """0 when the record holds, 1 when it does not, 2 when it cannot be opened."""
    parser = argparse.ArgumentParser(description="核对一份协商记录 / check a record of a negotiation")
    parser.add_argument("place", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--head", action="append", type=noted_head, default=[], metavar="SEQUENCE:DIGEST or FILE")
    parser.add_argument("--printed", action="append", type=printed_head, default=[], metavar="NUMBER:ROOT")
    given = parser.parse_args(arguments)
    if not given.place.exists():
        parser.error(f"找不到 {given.place} / there is no {given.place}")
    try:
        noted: dict[int, str] = dict(each for each in given.head if isinstance(each, tuple))
        kept = [head for each in given.head if isinstance(each, list) for head in each]
        check(given.place, noted, [*kept, *given.printed])
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
