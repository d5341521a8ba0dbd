"""What a bank lays out on its server: read once its control file agrees, applied line by line, and moved aside.

Whatever begins like a response is applied or told of, to the operator and to the bank.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.banks.adapters.sftp.access import NotAllowed
from hub.banks.adapters.sftp.files import (
    MOST_CONTROL_BYTES,
    MOST_DATA_BYTES,
    Control,
    ResponseFault,
    ResponseUnfit,
    call_of,
    read_control,
    read_sound,
    rejected_line,
    rejected_whole,
)
from hub.banks.adapters.sftp.names import DATA, PART, Named, Stray, shown
from hub.banks.port import BankCall, Refusal, WrongResponse
from hub.domain.errors import TryAgain

if TYPE_CHECKING:
    from hub.banks.adapters.sftp.session import Session

_MOST_OF_ONE_NAME = 1000
_REJECTED = ".rejected.jsonl"
# What file systems take for a name, in bytes.
_LONGEST_STEM = 255 - len(f"{_REJECTED}{PART}")
_MARK = 8

_MAY_STILL_COME = frozenset({ResponseFault.FILE_MISSING, ResponseFault.FILE_UNREADABLE})

Report = Callable[[WrongResponse], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The bank's folders: where its responses lie, where they go, and where it hears of what was refused."""

    incoming: str
    done: str
    outgoing: str


def rejections_path(folders: Folders, name: str) -> str:
    """Where the bank reads what could not be applied of the response of that name.

    A name that would be too long with that ending, and the one it is written under, is cut and told by its digest.
    """
    spelt = name.encode("utf-8", "surrogateescape")
    if len(spelt) > _LONGEST_STEM:
        mark = hashlib.sha256(spelt).hexdigest()[:_MARK]
        name = f"{spelt[: _LONGEST_STEM - _MARK - 1].decode('utf-8', 'ignore')}-{mark}"
    return f"{folders.outgoing}/{name}{_REJECTED}"


def tell(session: "Session", folders: Folders, name: str, content: bytes) -> None:
    """The bank can read why, unless its server takes no such name: then the operator alone knows."""
    with suppress(TryAgain):
        session.write(rejections_path(folders, name), [content])


def report_stray(session: "Session", folders: Folders, stray: Stray, report: Report) -> None:
    """The file is reported, and the bank told where `report` says so."""
    name = stray.entry.name
    wrong = WrongResponse(
        name=shown(name),
        code=stray.why,
        digest=hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest(),
        lies_since=stray.entry.modified_at,
    )
    if report(wrong):
        tell(session, folders, name, rejected_whole(name, stray.why))


class Response:
    """One response of a bank: a control file, and the files that it names."""

    def __init__(self, session: "Session", folders: Folders, named: Named) -> None:
        self._session = session
        self._folders = folders
        self._control = named.control
        self._name = named.stem
        self._data_name = named.data or f"{self._name}{DATA}"

    def take(self, apply: Callable[[BankCall], Refusal | None], report: Report) -> int | None:
        """It was applied and moved aside; gives how many lines were applied, None where it stays and is reported."""
        content = b""
        try:
            there = self._session.content(self._path(self._control.name), most=MOST_CONTROL_BYTES)
            if there is None:
                # Another worker was quicker.
                return 0
            content = there
            control, lines = self._read(content)
        except NotAllowed:
            self._report(ResponseFault.FILE_UNREADABLE, content, report)
            return None
        except ResponseUnfit as error:
            if self._session.size(self._path(self._control.name)) is not None:
                self._report(error.code, content, report)
            return None
        rejected = self._apply(lines, apply)
        if rejected:
            self._session.write(rejections_path(self._folders, self._name), rejected)
        self._move_aside(control)
        return len(lines) - len(rejected)

    def _report(self, code: ResponseFault, content: bytes, report: Report) -> None:
        name = self._control.name
        wrong = WrongResponse(
            name=shown(name),
            code=code,
            digest=hashlib.sha256(shown(self._name).encode() + content).hexdigest(),
            # What it names may come after it, against what was agreed, and so may our right to read it.
            lies_since=self._control.modified_at if code in _MAY_STILL_COME else None,
        )
        if report(wrong):
            tell(self._session, self._folders, self._name, rejected_whole(name, code))

    def _path(self, name: str) -> str:
        return f"{self._folders.incoming}/{name}"

    def _read(self, content: bytes) -> tuple[Control, list[tuple[int, bytes]]]:
        """What is promised and the lines, once all agrees; none where all was done but moving the control file."""
        if len(content) > MOST_CONTROL_BYTES:
            raise ResponseUnfit(ResponseFault.TOO_LARGE)
        control = read_control(content, data_name=self._data_name)
        data = self._session.content(self._path(self._data_name), most=MOST_DATA_BYTES)
        if data is None and self._was_moved(control.files[self._data_name]):
            return control, []
        if data is None:
            raise ResponseUnfit(ResponseFault.FILE_MISSING)
        sound = read_sound(content, data, data_name=self._data_name)
        try:
            self._check_others(control)
        except ResponseUnfit:
            # Whoever moves a response aside begins with its data.
            if self._session.size(self._path(self._data_name)) is None:
                return control, []
            raise
        return sound

    def _check_others(self, control: Control) -> None:
        for name, sha256 in control.files.items():
            if name == self._data_name:
                continue
            path = self._path(name)
            size = self._session.size(path)
            if size is None:
                raise ResponseUnfit(ResponseFault.FILE_MISSING)
            if size > MOST_DATA_BYTES:
                raise ResponseUnfit(ResponseFault.TOO_LARGE)
            if self._session.digest(path) != sha256:
                raise ResponseUnfit(ResponseFault.FILE_DIFFERS)

    def _apply(self, lines: list[tuple[int, bytes]], apply: Callable[[BankCall], Refusal | None]) -> list[bytes]:
        rejected = []
        for number, line in lines:
            refusal = apply(call_of(line))
            if refusal is not None:
                rejected.append(rejected_line(line, number, refusal))
        return rejected

    def _was_moved(self, sha256: str) -> bool:
        names = dict.fromkeys((self._data_name, f"{self._name}{DATA}", f"{self._name}{DATA.upper()}"))
        return any(self._session.digest(path) == sha256 for name in names for path in self._taken(name))

    def _move_aside(self, control: Control) -> None:
        """Its files lie in `done_dir`, the control file last; a name that is taken there gets a number."""
        beside = [name for name in control.files if "/" not in name and name != self._data_name]
        for name in (self._data_name, *beside, self._control.name):
            self._session.move(self._path(name), self._free(name))

    def _taken(self, name: str) -> Iterator[str]:
        for path in self._places(name):
            if self._session.size(path) is None:
                return
            yield path

    def _free(self, name: str) -> str:
        return next(path for path in self._places(name) if self._session.size(path) is None)

    def _places(self, name: str) -> Iterator[str]:
        yield f"{self._folders.done}/{name}"
        stem, _, ending = name.rpartition(".")
        for number in range(2, _MOST_OF_ONE_NAME):
            yield f"{self._folders.done}/{stem}.{number}.{ending}"
