"""The files of the sftp way, byte by byte: names, data files, control files, and what is read of a bank's own."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.banks.adapters.sftp.names import Unread, folded, shown
from hub.banks.port import BankCall, Batch, Enclosure, Message, Refusal
from hub.domain.evidence import EXTENSION_OF
from hub.domain.plain import canonical

MOST_CONTROL_BYTES = 256 * 1024
MOST_DATA_BYTES = 16 * 1024 * 1024
MOST_LINES = 1000
# One more name than any honest bank lays out beside a data file.
MOST_NAMED_FILES = 200
_SHOWN_OF_A_LINE = 2000

# A name below the control file, or in one folder beside it: never above, and nothing that a screen would garble.
_SAFE_NAME = re.compile(r"(?!\.)[^/\\\x00-\x1f\x7f]{1,200}(/(?!\.)[^/\\\x00-\x1f\x7f]{1,200})?")
_BOM = b"\xef\xbb\xbf"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What a control file promises: so many lines, and the SHA-256 of each file by its name."""

    lines: int
    files: Mapping[str, str]

    def content(self) -> bytes:
        """The bytes of the control file, the same each time."""
        return _json({"lines": self.lines, "files": dict(self.files)}) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosedFile:
    """A file of a message under the name that it has in the bank's folder."""

    message_id: str
    enclosure: Enclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A batch as files: `name` without an ending, the bytes of the data file, and the enclosures by their names."""

    name: str
    data: bytes
    enclosed: Mapping[str, EnclosedFile]
    control: bytes

    @property
    def data_name(self) -> str:
        """The name of the data file."""
        return f"{self.name}.jsonl"

    @property
    def control_name(self) -> str:
        """The name of the control file."""
        return f"{self.name}.ctl"


class ResponseFault(StrEnum):
    """Why a response of a bank was left where it lies."""

    CONTROL_FORM = "control_form"
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    FILE_DIFFERS = "file_differs"
    LINES_DIFFER = "lines_differ"
    TOO_LARGE = "too_large"


_REASONS: Mapping[StrEnum, str] = {
    ResponseFault.CONTROL_FORM: (
        "the control file is not {lines, files: {name: sha256}}, or does not name its .jsonl file"
    ),
    ResponseFault.FILE_MISSING: "a file that the control file names is not there",
    ResponseFault.FILE_UNREADABLE: "our user may not read it or a file that it names",
    ResponseFault.FILE_DIFFERS: "a file has another SHA-256 than the control file says",
    ResponseFault.LINES_DIFFER: "the data file has another number of lines than the control file says",
    ResponseFault.TOO_LARGE: "more lines or bytes than a response may have",
    Unread.CONTROL_MISSING: "a data file without its control file",
    Unread.NAME_ENDING: "a response is a .jsonl file and a .ctl file of the same name",
    Unread.NOT_A_FILE: "it is no plain file",
}


class ResponseUnfit(Exception):
    """The files of a response do not agree; nothing of it may be applied."""

    def __init__(self, code: ResponseFault) -> None:
        super().__init__(code)
        self.code = code


def parcel_of(batch: Batch) -> Parcel:
    """The batch as files, the same bytes under the same names each time."""
    name = f"NEG_{batch.day}_{batch.number:04d}"
    data = b"".join(line_of(message) for message in batch.messages)
    enclosed = {
        f"{name}/{_file_name(each)}": EnclosedFile(message_id=message.id, enclosure=each)
        for message in batch.messages
        for each in message.enclosures
    }
    files = {f"{name}.jsonl": hashlib.sha256(data).hexdigest()}
    files |= {path: each.enclosure.sha256 for path, each in enclosed.items()}
    control = Control(lines=len(batch.messages), files=files).content()
    return Parcel(name=name, data=data, enclosed=enclosed, control=control)


def _file_name(file: Enclosure) -> str:
    return f"{file.id}{EXTENSION_OF.get(file.media_type, '.bin')}"


def line_of(message: Message) -> bytes:
    """The message as one line, the same in every batch.

    What it says, with `delivery_id`, `type` and `negotiation` or `request` in front, and `files` where files came with
    it, by their names in the folder of the batch.
    """
    about = {"request": message.request} if message.request else {"negotiation": message.negotiation}
    heading: dict[str, Any] = {"delivery_id": message.id, "type": str(message.kind), **about}
    if message.enclosures:
        heading["files"] = [{"name": _file_name(each), "kind": each.kind} for each in message.enclosures]
    fields = json.loads(message.body)
    beside = {name: value for name, value in fields.items() if name not in heading}
    return _json({**heading, **beside}) + b"\n"


def read_control(content: bytes, *, data_name: str) -> Control:
    """What the control file of a response promises, the data file under `data_name`; raises `ResponseUnfit`.

    Also where it does not name its data; how the name is spelt matters to nobody.
    """
    try:
        value = json.loads(content)
        named = {
            data_name if folded(name) == folded(data_name) else name: each for name, each in value["files"].items()
        }
        control = Control(lines=value["lines"], files=named)
        sound = (
            type(control.lines) is int
            and control.lines >= 0
            and data_name in control.files
            and len(control.files) <= MOST_NAMED_FILES
            and all(_SAFE_NAME.fullmatch(name) and _SHA256.fullmatch(sha256) for name, sha256 in control.files.items())
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ResponseUnfit(ResponseFault.CONTROL_FORM) from error
    if not sound:
        raise ResponseUnfit(ResponseFault.CONTROL_FORM)
    if control.lines > MOST_LINES:
        raise ResponseUnfit(ResponseFault.TOO_LARGE)
    return control


def lines_in(data: bytes) -> list[tuple[int, bytes]]:
    """The lines of a data file that hold anything, each with its number from 1 on.

    Neither a mark of UTF-8 in front, nor the line ends of Windows, nor empty lines are anything.
    """
    lines = data.removeprefix(_BOM).split(b"\n")
    return [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]


def read_sound(control: bytes, data: bytes, *, data_name: str) -> tuple[Control, list[tuple[int, bytes]]]:
    """What the control file promises, and the lines, which are what it promises; raises `ResponseUnfit`.

    Empty lines may be counted or not.
    """
    promised = read_control(control, data_name=data_name)
    if len(data) > MOST_DATA_BYTES:
        raise ResponseUnfit(ResponseFault.TOO_LARGE)
    if hashlib.sha256(data).hexdigest() != promised.files[data_name]:
        raise ResponseUnfit(ResponseFault.FILE_DIFFERS)
    lines = lines_in(data)
    if promised.lines not in (len(lines), data.count(b"\n") + (not data.endswith(b"\n") and data != b"")):
        raise ResponseUnfit(ResponseFault.LINES_DIFFER)
    return promised, lines


def call_of(line: bytes) -> BankCall:
    """The line as something that the bank said. One that cannot be read goes on as it is, to be refused by name."""
    value = _read_line(line)
    event = value.pop("event", "") if value is not None else ""
    if value is None or not isinstance(event, str):
        return BankCall(id="", content=line, digest=hashlib.sha256(line).hexdigest())
    content = canonical(value, ascii_only=True)
    return BankCall(id=event, content=content, digest=hashlib.sha256(content).hexdigest())


def rejected_line(line: bytes, number: int, refusal: Refusal) -> bytes:
    """A line that could not be applied, with its number from 1 on and why: `line`, `code`, `reason` beside its own."""
    value = _read_line(line)
    if value is None:
        value = {"event": None, "text": line[:_SHOWN_OF_A_LINE].decode(errors="replace")}
    refused = {"event": value.pop("event", None), "line": number, "code": refusal.code, "reason": refusal.text}
    beside = {name: each for name, each in value.items() if name not in refused}
    return json.dumps({**refused, **beside}, separators=(",", ":")).encode() + b"\n"


def rejected_whole(name: str, why: StrEnum) -> bytes:
    """A response of which nothing was read, and why: `file`, `code`, `reason`."""
    refused = {"event": None, "file": shown(name), "code": why, "reason": _REASONS[why]}
    return _json(refused) + b"\n"


def _read_line(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
