"""What lies in a bank's `in_dir`, by names alone: responses to read, and what begins like one and is none yet.

Programs and people spell names in many ways: blanks, brackets, Chinese, capital endings. All of them are responses.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CONTROL, DATA = ".ctl", ".jsonl"
PART = ".part"
"""What a file's name ends in until the file is whole."""
_BEGINNING = "rsp_"
# Signs that nobody sees, beside what Python takes for blanks.
_UNSEEN = "\ufeff\u200b\u200e\u200f"


class Unread(StrEnum):
    """Why a file that begins like a response is not read, as long as nothing more comes."""

    CONTROL_MISSING = "control_missing"
    NAME_ENDING = "name_ending"
    NOT_A_FILE = "not_a_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A name in a folder, which is none of a folder itself, as the server spells it.

    Bytes that are no UTF-8 stand in `name` as lone surrogates. `modified_at` is by the server's clock, None where it
    does not say.
    """

    name: str
    is_file: bool = True
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A response: its control file, and its data file where that is there."""

    control: Entry
    data: str | None

    @property
    def stem(self) -> str:
        """The name without an ending."""
        return self.control.name[: len(self.control.name.rstrip()) - len(CONTROL)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """What begins like a response and cannot be read as it lies there; perhaps the rest is still on its way."""

    entry: Entry
    why: Unread


def shown(name: str) -> str:
    """The name for people: bytes that are no UTF-8 are GB 18030, as older Windows programs spell Chinese."""
    raw = name.encode("utf-8", "surrogateescape")
    try:
        readable = raw.decode("utf-8")
    except UnicodeDecodeError:
        readable = raw.decode("gb18030", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in readable)


def folded(name: str) -> str:
    """The name as it is compared with others: however it was spelt."""
    return unicodedata.normalize("NFC", shown(name)).strip().strip(_UNSEEN + "\ufffd").strip().casefold()


def sorted_out(entries: Iterable[Entry]) -> tuple[list[Named], list[Stray]]:
    """The responses whose control file is there, by name, and everything else that begins like one."""
    begun = sorted((each for each in entries if folded(each.name).startswith(_BEGINNING)), key=lambda each: each.name)
    files = [each for each in begun if each.is_file]
    controls = [each for each in files if folded(each.name).endswith(CONTROL)]
    lines = [each for each in files if folded(each.name).endswith(DATA)]
    responses = [Named(control=each, data=_data_of(each, lines)) for each in controls]
    used = {each.data for each in responses}
    strays = [Stray(entry=each, why=Unread.CONTROL_MISSING) for each in lines if each.name not in used]
    others = (each for each in files if not folded(each.name).endswith((CONTROL, DATA)))
    strays += (Stray(entry=each, why=Unread.NAME_ENDING) for each in others)
    strays += (Stray(entry=each, why=Unread.NOT_A_FILE) for each in begun if not each.is_file)
    return responses, strays


def _data_of(control: Entry, lines: list[Entry]) -> str | None:
    """The file of the same name, spelt alike where several are."""
    stem = control.name.removesuffix(CONTROL)
    found = [each.name for each in lines if _stem(each.name) == _stem(control.name)]
    return min(found, key=lambda name: name != stem + DATA, default=None)


def _stem(name: str) -> str:
    return folded(name).rpartition(".")[0].rstrip()
