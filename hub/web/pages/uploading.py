"""Files that people choose, on whatever page: taken into the store, or what is said of those that are not."""

import os
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage

from hub.domain.errors import Fault, InvalidValue, TooLarge, UnsupportedType
from hub.domain.evidence import MAX_FILE_SIZE, EvidenceKind
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Receive, StoredEvidence
from hub.web import uploads
from hub.web.access import face
from hub.web.bodies import announced_length
from hub.web.limits import UPLOADS_A_PERSON
from hub.web.pages.translation import fault_text
from hub.web.pages.visitors import current_cardholder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A chosen file: in the store without a row yet, or None and why it was not taken."""

    stored: StoredEvidence | None = None
    faults: tuple[Fault, ...] = ()


def receive_chosen(
    kind: EvidenceKind, *, client_id: str, receive: Receive = evidence_files.receive
) -> ReceivedFile | None:
    """The file in the form's field `file`, as one of that kind; None where none was chosen.

    It is counted against the uploads of the person who is signed in; raises `TooManyTries`. No transaction may be open.
    """
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    incoming = uploads.file_of_form(file)
    faults = uploads.name_faults(incoming)
    if faults:
        return ReceivedFile(faults=tuple(Fault("/file", each.code, each.params) for each in faults))
    face().limits.count_from_lease(UPLOADS_A_PERSON, client_id, current_cardholder().owner_key)
    upload = uploads.upload_of(incoming, client_id=client_id, kind=kind)
    try:
        return ReceivedFile(stored=receive(face().hub.store, upload, incoming.read))
    except (UnsupportedType, InvalidValue) as error:
        return ReceivedFile(faults=(not_taken(incoming.file_name, error.code),))
    except TooLarge:
        return ReceivedFile(faults=(too_large(file, incoming.file_name),))


def not_taken(file_name: str, code: str, **params: int) -> Fault:
    """The fault of a chosen file that was not kept: its name, and why."""
    return Fault("/file", "file_not_taken", {"name": file_name, "why": fault_text(code, {**params})})


def too_large(file: FileStorage, file_name: str) -> Fault:
    """The fault of a chosen file with more bytes than are taken."""
    return not_taken(file_name, "file_too_large", size=file.stream.seek(0, os.SEEK_END), limit=MAX_FILE_SIZE)


def form_too_large() -> Fault:
    """The fault of the file that made the present form too large to be read; by its name, where that can be seen.

    Its size is that of the form, which holds hardly anything beside it.
    """
    size, name = announced_length(request), uploads.unread_file()
    if name is None:
        return Fault("/file", "file_too_large", {"size": size, "limit": MAX_FILE_SIZE})
    return not_taken(name, "file_too_large", size=size, limit=MAX_FILE_SIZE)
