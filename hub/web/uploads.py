"""Files on their way in: as the body itself, read straight from the server, or as a part of a form.

A file is stored before any transaction; whoever is refused afterwards leaves nothing behind.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast

from flask import request
from werkzeug.datastructures import FileStorage

from hub.domain.errors import Fault, InvalidValue, Malformed, Refused, StoreFull, TooLarge, UnsupportedType
from hub.domain.evidence import MAX_FILE_SIZE, REFUND, EvidenceKind, may_be_declared
from hub.domain.evidence import file_name as checked_file_name
from hub.services.evidence.evidence_files import Upload
from hub.web.bodies import announced_length, limited_read, single_values
from hub.web.file_names import name_in, text_of
from schemas.identifiers import opaque_id

MAX_FORM_SIZE = 4 * MAX_FILE_SIZE
"""Of a form with several files, all of them and its fields together."""
# What a form may hold beside its file: headers of the parts, and text fields.
FORM_SLACK = 64 * 1024
_MOST_PARTS = 20
# The parser counts what it has just read, 64 KiB at a time and file or not, so its limit must lie well above that.
_PARSER_MEMORY = 1024 * 1024
_ANY_TYPE = "application/octet-stream"
KINDS = (*EvidenceKind, REFUND)
"""What a host app can say that a file shows."""

Read = Callable[[int], bytes]
P = ParamSpec("P")
R = TypeVar("R")


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """The page takes a form with several files, up to `MAX_FORM_SIZE` together."""
    cast("Any", view).longest_form = MAX_FORM_SIZE
    return view


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file that is about to be read, and what was said of it. `length` in bytes, where it is known."""

    read: Read
    length: int | None
    file_name: str
    declared_type: str | None


def is_form() -> bool:
    """Whether the body is a form with parts, not the file itself."""
    return request.mimetype == "multipart/form-data"


def file_of_body() -> Incoming:
    """The body itself as a file; raises before any byte is read: 411, `TooLarge`, `UnsupportedType`, `Refused`."""
    length = announced_length(request)
    if length > MAX_FILE_SIZE:
        raise TooLarge(MAX_FILE_SIZE)
    declared = request.mimetype or _ANY_TYPE
    if declared != _ANY_TYPE and not may_be_declared(declared):
        raise UnsupportedType
    # A server hands over headers a character a byte.
    written = request.environ.get("HTTP_CONTENT_DISPOSITION", "")
    name = name_in(text_of(written.encode("latin-1")))
    if name is None:
        raise Refused(Fault("/file_name", "required"))
    return Incoming(read=limited_read(request, length), length=length, file_name=name, declared_type=declared)


def form() -> tuple[Mapping[str, str], Mapping[str, FileStorage]]:
    """The text fields and files of a form, each name once; raises `TooLarge`, `Malformed`, `Refused`, `StoreFull`."""
    length = announced_length(request)
    if length > MAX_FILE_SIZE + FORM_SLACK:
        raise TooLarge(MAX_FILE_SIZE)
    request.max_content_length = MAX_FILE_SIZE + FORM_SLACK
    request.max_form_memory_size = _PARSER_MEMORY
    request.max_form_parts = _MOST_PARTS
    if "boundary" not in request.mimetype_params:
        raise Malformed("form_syntax")
    try:
        texts, files = request.form, request.files
    except ValueError as error:
        raise Malformed("form_syntax") from error
    except OSError as error:
        # A large part is laid aside in a temporary file, for which there may be no room.
        raise StoreFull(error.strerror) from error
    if length and not texts and not files:
        # The parser gives up without a word.
        raise Malformed("form_syntax")
    twice = [name for name in files if len(files.getlist(name)) > 1 or name in texts]
    if twice:
        raise Refused(*(Fault(f"/{name}", "listed_twice") for name in twice))
    return single_values(texts, texts), {name: files[name] for name in files}


def fields_alone() -> Mapping[str, str]:
    """The fields of a form that cannot hold a file, each name once; raises `TooLarge`, `Refused`."""
    if announced_length(request) > FORM_SLACK:
        raise TooLarge(FORM_SLACK)
    return single_values(request.form, request.form)


def file_of_form(file: FileStorage) -> Incoming:
    """A part of the form as a file."""
    name = name_in(file.headers.get("Content-Disposition", "")) or file.filename or ""
    return Incoming(read=file.stream.read, length=None, file_name=name, declared_type=file.mimetype or None)


def label_faults(given: Mapping[str, str], incoming: Incoming) -> list[Fault]:
    """Everything that is wrong with what was said of the file: its kind, its person, its name."""
    faults = []
    if "kind" not in given:
        faults.append(Fault("/kind", "required"))
    elif given["kind"] not in KINDS:
        faults.append(Fault("/kind", "unknown_choice", {"choices": ", ".join(KINDS)}))
    if given.get("subject"):
        try:
            opaque_id(given["subject"])
        except InvalidValue as error:
            faults.append(error.at("/subject"))
    return [*faults, *name_faults(incoming)]


def name_faults(incoming: Incoming) -> list[Fault]:
    """What is wrong with the file's name."""
    try:
        checked_file_name(incoming.file_name)
    except InvalidValue as error:
        return [error.at("/file_name")]
    return []


@contextlib.contextmanager
def blamed_on(pointer: str) -> Iterator[None]:
    """What turns out to be wrong with a file while it is received is told at its place in the input."""
    try:
        yield
    except InvalidValue as error:
        raise Refused(error.at(pointer)) from error


def upload_of(incoming: Incoming, *, client_id: str, kind: str, subject: str | None = None) -> Upload:
    """The file as the services take it."""
    return Upload(
        client_id=client_id,
        subject=subject,
        kind=kind,
        file_name=incoming.file_name,
        declared_type=incoming.declared_type,
        length=incoming.length,
    )
