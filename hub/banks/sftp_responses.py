"""What a bank lays out on its server: read once its control file agrees, applied line by line, and moved aside."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.banks.port import BankCall, Refusal, WrongResponse
from hub.banks.sftp_files import (
    MOST_CONTROL_BYTES,
    MOST_DATA_BYTES,
    Control,
    ResponseWrong,
    Wrong,
    call_of,
    lines_in,
    read_control,
    rejected_line,
)

if TYPE_CHECKING:
    from hub.banks.sftp_session import Session

_MOST_OF_ONE_NAME = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The bank's folders: where its responses lie, where they go, and where it hears of what was refused."""

    incoming: str
    done: str
    outgoing: str


class Response:
    """One response of a bank: a control file, and the files that it names."""

    def __init__(self, session: "Session", folders: Folders, name: str) -> None:
        self._session = session
        self._folders = folders
        self._name = name
        self._control_path = f"{folders.incoming}/{name}.ctl"
        self._data_path = f"{folders.incoming}/{name}.jsonl"

    def take(self, apply: Callable[[BankCall], Refusal | None], report: Callable[[WrongResponse], None]) -> int:
        """It was applied and moved aside, or is reported and stays; gives how many lines were applied."""
        control = self._session.content(self._control_path, most=MOST_CONTROL_BYTES)
        if control is None:
            # Another worker was quicker.
            return 0
        try:
            lines = self._lines(control)
        except ResponseWrong as error:
            if self._session.size(self._control_path) is not None:
                digest = hashlib.sha256(self._name.encode() + control).hexdigest()
                report(WrongResponse(name=f"{self._name}.ctl", code=error.code, digest=digest))
            return 0
        rejected = self._apply(lines, apply)
        if rejected:
            self._session.write(f"{self._folders.outgoing}/{self._name}.rejected.jsonl", rejected)
        self._move_aside()
        return len(lines) - len(rejected)

    def _lines(self, content: bytes) -> list[bytes]:
        """The lines, once everything agrees; none where all was done before but moving the control file."""
        if len(content) > MOST_CONTROL_BYTES:
            raise ResponseWrong(Wrong.TOO_LARGE)
        data_name = f"{self._name}.jsonl"
        control = read_control(content, data_name=data_name)
        data = self._session.content(self._data_path, most=MOST_DATA_BYTES)
        if data is None and self._was_moved(control.files[data_name]):
            return []
        if data is None:
            raise ResponseWrong(Wrong.FILE_MISSING)
        if len(data) > MOST_DATA_BYTES:
            raise ResponseWrong(Wrong.TOO_LARGE)
        if hashlib.sha256(data).hexdigest() != control.files[data_name]:
            raise ResponseWrong(Wrong.FILE_DIFFERS)
        self._check_others(control, data_name)
        lines = lines_in(data)
        if len(lines) != control.lines:
            raise ResponseWrong(Wrong.LINES_DIFFER)
        return lines

    def _check_others(self, control: Control, data_name: str) -> None:
        for name, sha256 in control.files.items():
            if name == data_name:
                continue
            path = f"{self._folders.incoming}/{name}"
            size = self._session.size(path)
            if size is None:
                raise ResponseWrong(Wrong.FILE_MISSING)
            if size > MOST_DATA_BYTES:
                raise ResponseWrong(Wrong.TOO_LARGE)
            if self._session.digest(path) != sha256:
                raise ResponseWrong(Wrong.FILE_DIFFERS)

    def _apply(self, lines: list[bytes], apply: Callable[[BankCall], Refusal | None]) -> list[bytes]:
        rejected = []
        for number, line in enumerate(lines, start=1):
            refusal = apply(call_of(line))
            if refusal is not None:
                rejected.append(rejected_line(line, number, refusal))
        return rejected

    def _was_moved(self, sha256: str) -> bool:
        return any(self._session.digest(path) == sha256 for path in self._taken(f"{self._name}.jsonl"))

    def _move_aside(self) -> None:
        """Both files lie in `done_dir`, the control file last; a name that is taken there gets a number."""
        for name in (f"{self._name}.jsonl", f"{self._name}.ctl"):
            self._session.move(f"{self._folders.incoming}/{name}", self._free(name))

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
