"""A bank with an SFTP server: messages go there as a batch of files, and its answers are picked up from it.

No transaction is known here, and paramiko only in `session`.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from hub.banks.adapters.sftp.access import Access, Limits
from hub.banks.adapters.sftp.files import EnclosedFile, Parcel, parcel_of
from hub.banks.adapters.sftp.keys import check_private_key, read_host_key
from hub.banks.adapters.sftp.names import sorted_out
from hub.banks.adapters.sftp.responses import Folders, Report, Response, report_stray
from hub.banks.port import BankCall, Batch, Message, Receipt, Refusal, Surroundings
from hub.domain.bank import Bank
from hub.domain.errors import BatchUnfit, EvidenceDamaged, InvalidValue, RefusedForGood, TryAgain

if TYPE_CHECKING:
    from hub.banks.adapters.sftp.session import Session

DEFAULT_PORT = "22"
# A folder with more files than this is not what was agreed, and a run takes so many responses at most.
MOST_FILES = 10_000
MOST_RESPONSES = 100
# How long a run that collects may take; what is left then is done in the next.
COLLECTING_S = 240.0

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}")


def read_host(text: str) -> str:
    """A host's name or address alone; raises `InvalidValue` `sftp_host`."""
    if not _HOST.fullmatch(text):
        raise InvalidValue("sftp_host")
    return text


def read_port(text: str) -> int:
    """A port's number; raises `InvalidValue`."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise InvalidValue("whole_number_between", least=1, most=65535)
    return int(text)


def read_user(text: str) -> str:
    """A name to sign in with; raises `InvalidValue` `text_characters`."""
    if not text or len(text) > 100 or not text.isprintable():
        raise InvalidValue("text_characters")
    return text


def read_folder(text: str) -> str:
    """A folder on the server, without a slash at its end; raises `InvalidValue` `sftp_folder`."""
    if not text.strip() or len(text) > 500 or not text.isprintable() or ".." in text.split("/"):
        raise InvalidValue("sftp_folder")
    return text.rstrip("/") or "/."


class Sftp:
    """Lays batches out in the bank's `out_dir`, takes its responses from `in_dir`, and moves them to `done_dir`."""

    kind = "sftp"
    settings: Mapping[str, Callable[[str], Any]] = {
        "host": read_host,
        "port": read_port,
        "user": read_user,
        "our_private_key": check_private_key,
        "host_key": read_host_key,
        "out_dir": read_folder,
        "in_dir": read_folder,
        "done_dir": read_folder,
    }
    required: frozenset[str] = frozenset(settings) - {"port"}
    secret: frozenset[str] = frozenset()  # keys lie in files of their own
    in_house = False
    fitted: frozenset[str] = frozenset({"in_dir", "done_dir"})

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def check_fit(self, settings: Mapping[str, str]) -> None:
        """Responses have another folder to be moved to; raises `InvalidValue` `sftp_folders_alike`."""
        if read_folder(settings["in_dir"]) == read_folder(settings["done_dir"]):
            raise InvalidValue("sftp_folders_alike", key="done_dir")

    def deliver(self, message: Message, bank: Bank) -> Receipt:  # noqa: ARG002 - the port's signature
        """Never: raises `RefusedForGood`, since a message alone has no name to travel under."""
        raise RefusedForGood("this bank takes messages in batches")

    def deliver_batch(self, batch: Batch, bank: Bank) -> Receipt:
        """The control file stands in `out_dir` under its name, and all it names before it.

        Raises `TryAgain`; `BatchUnfit` where the name belongs to other files, or an enclosure is not what it was.
        """
        parcel, folder = parcel_of(batch), read_folder(bank.settings["out_dir"])
        with self._session(bank) as session:
            if _has(session, folder, parcel):
                return Receipt(detail=f"{parcel.control_name} was there")
            _lay_out(session, folder, parcel)
        return Receipt(detail=parcel.control_name)

    def has_batch(self, batch: Batch, bank: Bank) -> bool:
        """Whether the batch's control file is there; raises `TryAgain`, `BatchUnfit`."""
        with self._session(bank) as session:
            return _has(session, read_folder(bank.settings["out_dir"]), parcel_of(batch))

    def collect(
        self,
        bank: Bank,
        apply: Callable[[BankCall], Refusal | None],
        report: Report,
    ) -> int:
        """Every sound response was given to `apply` line by line and moved aside; what was refused is told the bank.

        Done again after a crash it gives the same events once more, under the same ids.
        """
        folders = Folders(
            incoming=read_folder(bank.settings["in_dir"]),
            done=read_folder(bank.settings["done_dir"]),
            outgoing=read_folder(bank.settings["out_dir"]),
        )
        if folders.incoming == folders.done:
            # Set before that was refused.
            raise TryAgain("in_dir and done_dir must not be the same folder")
        applied = 0
        with self._session(bank, whole_s=COLLECTING_S) as session:
            responses, strays = sorted_out(session.entries(folders.incoming, most=MOST_FILES))
            # Those that stay where they lie hold up nothing that lies behind them.
            taken = (Response(session, folders, each).take(apply, report) for each in responses)
            for lines in islice((each for each in taken if each is not None), MOST_RESPONSES):
                applied += lines
            for stray in strays:
                report_stray(session, folders, stray, report)
        return applied

    @contextmanager
    def _session(self, bank: Bank, *, whole_s: float | None = None) -> Iterator["Session"]:
        # The library behind it is large, and the web process that checks settings never needs it.
        from hub.banks.adapters.sftp.session import opened  # noqa: PLC0415

        host = bank.settings["host"]
        access = Access(
            host=host,
            address=self._surroundings.check_host(host),
            port=read_port(bank.settings.get("port", DEFAULT_PORT)),
            user=bank.settings["user"],
            private_key=check_private_key(bank.settings["our_private_key"]),
            host_key=read_host_key(bank.settings["host_key"]),
        )
        with opened(access, Limits() if whole_s is None else Limits(whole_s=whole_s)) as session:
            yield session


def _has(session: "Session", folder: str, parcel: Parcel) -> bool:
    """Whether the batch has arrived; raises `BatchUnfit` where other files have its name."""
    there = session.content(f"{folder}/{parcel.control_name}", most=len(parcel.control))
    if there is None:
        return False
    if there != parcel.control:
        raise BatchUnfit(f"another {parcel.control_name} is there")
    return True


def _lay_out(session: "Session", folder: str, parcel: Parcel) -> None:
    data = f"{folder}/{parcel.data_name}"
    sizes = {data: len(parcel.data)}
    _put(session, data, hashlib.sha256(parcel.data).hexdigest(), len(parcel.data), lambda: iter([parcel.data]))
    if parcel.enclosed:
        session.make_folder(f"{folder}/{parcel.name}")
    for name, each in parcel.enclosed.items():
        path, enclosure = f"{folder}/{name}", each.enclosure
        sizes[path] = enclosure.size
        _put(session, path, enclosure.sha256, enclosure.size, partial(_verified, each))
    # Another worker that took this one for dead may have been at the same files.
    for path, size in sizes.items():
        if session.size(path) != size:
            raise TryAgain(f"{path} does not stay as it was written")
    session.write(f"{folder}/{parcel.control_name}", [parcel.control])


def _put(session: "Session", path: str, sha256: str, size: int, read: Callable[[], Iterator[bytes]]) -> None:
    """The file is there; what an earlier attempt left whole is not sent again."""
    if session.size(path) != size or session.digest(path) != sha256:
        session.write(path, read())


def _verified(file: EnclosedFile) -> Iterator[bytes]:
    """The bytes of an enclosure; raises `BatchUnfit` at their end unless they are those that were announced."""
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in file.enclosure.read():
            digest.update(chunk)
            size += len(chunk)
            yield chunk
    except EvidenceDamaged as error:
        raise BatchUnfit("an enclosure is damaged", message_id=file.message_id) from error
    if (size, digest.hexdigest()) != (file.enclosure.size, file.enclosure.sha256):
        raise BatchUnfit("an enclosure is damaged", message_id=file.message_id)


def make(surroundings: Surroundings) -> Sftp:
    """The adapter."""
    return Sftp(surroundings)
