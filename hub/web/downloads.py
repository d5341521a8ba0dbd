"""Files on their way out: always to be saved, never to be shown, whatever they claim to be."""

from collections.abc import Iterator
from itertools import chain
from typing import IO
from urllib.parse import quote

from flask import Response

from hub.domain.errors import EvidenceDamaged
from hub.services.evidence.evidence_files import Content
from hub.services.evidence.scrubbing import report_damage_in_passing
from hub.web.access import face
from hub.wiring import Hub

_PIECE = 256 * 1024
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


def disposition(file_name: str) -> str:
    """The header that has a browser save the file under its own name (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"


def piecewise(file: IO[bytes]) -> Iterator[bytes]:
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
