"""Files that people choose, on whatever page: taken into the store, or what is said of those that are not."""

import os
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage

from hub.domain.errors import Fault, InvalidValue, StoreFull, TooLarge, TooManyTries, UnsupportedType
from hub.domain.evidence import MAX_FILE_SIZE, file_name
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Receive, StoredEvidence
from hub.web import uploads
from hub.web.access import face
from hub.web.bodies import announced_length
from hub.web.limits import UPLOADS_A_PERSON
from hub.web.pages.translation import fault_text
from hub.web.pages.visitors import current_cardholder
from hub.web.uploads import Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A chosen file: in the store without a row yet, or None and why it was not taken."""

    stored: StoredEvidence | None = None
    faults: tuple[Fault, ...] = ()


def receive_file(
    file: FileStorage,
    kind: str,
    *,
    client_id: str,
    receive: Receive = evidence_files.receive,
    pointer: str = "/file",
) -> ReceivedFile:
    """One of the files of a form in the store, as one of that `kind`; what is wrong with it is told at `pointer`.

    It is counted against the uploads of the person who is signed in. One that has to wait, for they have sent too many
    or the store is full, holds up none of the others. No transaction may be open.
    """
    incoming = uploads.file_of_form(file)
    faults = uploads.name_faults(incoming)
    if faults:
        return ReceivedFile(faults=tuple(Fault(pointer, each.code, each.params) for each in faults))
    try:
        return ReceivedFile(stored=store_incoming(incoming, kind, client_id=client_id, receive=receive))
    except (UnsupportedType, InvalidValue) as error:
        return ReceivedFile(faults=(not_taken(incoming.file_name, error.code, pointer),))
    except TooLarge:
        return ReceivedFile(faults=(too_large(file, incoming.file_name, pointer),))
    except TooManyTries as error:
        return ReceivedFile(faults=(not_taken(incoming.file_name, "file_later", pointer, seconds=error.retry_after_s),))
    except StoreFull:
        return ReceivedFile(faults=(not_taken(incoming.file_name, "file_store_full", pointer),))


def store_incoming(
    incoming: Incoming, kind: str, *, client_id: str, receive: Receive = evidence_files.receive
) -> StoredEvidence:
    """The file is in the store without a row, and counted against the uploads of the person who is signed in.

    Raises `TooManyTries`, and what `receive` raises. No transaction may be open.
    """
    face().limits.count_from_lease(UPLOADS_A_PERSON, client_id, current_cardholder().owner_key)
    return receive(face().hub.store, uploads.upload_of(incoming, client_id=client_id, kind=kind), incoming.read)


def name_of(incoming: Incoming) -> str:
    """What the file is called; raises `InvalidValue` for what cannot be a name."""
    return file_name(incoming.file_name)


def not_taken(file_name: str, code: str, pointer: str = "/file", **params: int) -> Fault:
    """The fault of a chosen file that was not kept: its name, and why."""
    return Fault(pointer, "file_not_taken", {"name": file_name, "why": fault_text(code, {**params})})


def too_large(file: FileStorage, file_name: str, pointer: str = "/file") -> Fault:
    """The fault of a chosen file with more bytes than are taken."""
    size = file.stream.seek(0, os.SEEK_END)
    return not_taken(file_name, "file_too_large", pointer, size=size, limit=MAX_FILE_SIZE)


def form_too_large(pointer: str = "/file") -> Fault:
    """The fault of the files that made the present form too large to be read, told at `pointer`."""
    return Fault(pointer, "form_too_large", {"size": announced_length(request), "limit": uploads.MAX_FORM_SIZE})
