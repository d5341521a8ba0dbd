"""Files on their way out: always to be saved, never to be shown, whatever they claim to be."""

import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO
from urllib.parse import quote

from flask import Response

from hub.domain.actor import Actor
from hub.domain.errors import EvidenceDamaged
from hub.services.documents import person_exports, records
from hub.services.documents.person_exports import FoundPerson
from hub.services.documents.records import GatheredRecord
from hub.services.evidence.contents import Content
from hub.services.evidence.scrubbing import report_damage_in_passing
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.wiring import Hub

_PIECE = 256 * 1024
# A record larger than this goes through a file on its way out.
_IN_MEMORY = 2 * 1024 * 1024
# An opened file could run nothing and would have no origin.
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def download(content: Content) -> Response:
    """The bytes as they were sent. A file that is damaged at its beginning is an error, not half an answer.

    Wherever it is damaged, an operator is told.
    """
    response = Response(_opened(_watched(content, face().hub)), content_type=content.media_type)
    response.headers["Content-Length"] = str(content.size)
    response.headers["Content-Disposition"] = disposition(content.file_name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def shown_in_place(content: Content) -> Response:
    """A JPEG of the hub's own making, drawn from a file, to be shown on a page and not to be saved."""
    response = Response(_opened(_watched(content, face().hub)), content_type=content.media_type)
    response.headers["Content-Length"] = str(content.size)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def thumbnail(picture: bytes) -> Response:
    """A small JPEG of the hub's own making, to be shown on a page."""
    response = Response(picture, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def download_record(
    actor: Actor, gather: Callable[[HubTransaction], GatheredRecord], note: Callable[[HubTransaction], None]
) -> Response:
    """The record that `gather` finds, as a ZIP. It is packed with no transaction open, and `note` has it on record."""
    hub = face().hub
    gathered = records.gather_whole(hub, actor, hub.print_pdf, hub.store, gather)
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        gathered.write(out)
        with hub.writing(actor) as tx:
            note(tx)
    except BaseException:
        out.close()
        raise
    return _sent_and_closed(out, f"{gathered.reference}.zip")


def download_person(actor: Actor, find: Callable[[HubTransaction], FoundPerson], file_name: str) -> Response:
    """What `find` finds of a person, as a ZIP; it is packed with no transaction open, and `find` has it on record."""
    hub = face().hub
    with hub.writing(actor) as tx:
        found = find(tx)
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        person_exports.write(hub, actor, hub.store, found, out, printer=hub.print_pdf)
    except BaseException:
        out.close()
        raise
    return _sent_and_closed(out, file_name)


def _sent_and_closed(out: IO[bytes], file_name: str) -> Response:
    size = out.tell()
    out.seek(0)
    response = Response(_piecewise(out), content_type="application/zip")
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = disposition(file_name)
    response.headers["Cache-Control"] = "private, no-store"
    response.call_on_close(out.close)
    return response


def save(content: bytes, file_name: str, media_type: str) -> Response:
    """Bytes that were just made, to be saved under that name."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def disposition(file_name: str) -> str:
    """The header that has a browser save the file under its own name (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"


def _piecewise(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of the file, in pieces."""
    while piece := file.read(_PIECE):
        yield piece


def _watched(content: Content, hub: Hub) -> Iterator[bytes]:
    try:
        yield from content.chunks
    except EvidenceDamaged:
        report_damage_in_passing(hub, content.store_name)
        raise


def _opened(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    return chain((first,), chunks)
