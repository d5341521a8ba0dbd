"""Forms and queries as they are read: headers of files that are not in UTF-8, and signs that no database takes.

Programs of Chinese systems write names of files as GBK; werkzeug drops such a form whole and says nothing.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import Authorization, FileStorage, Headers, ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from hub.web.file_names import name_in, text_of

_AT_ONCE = 64 * 1024
# PostgreSQL takes no NUL in a text, not even to compare with. SUBSTITUTE is ASCII's own sign for one that cannot be
# shown: as much a control character as NUL, so whatever refuses the one refuses the other.
_NUL, _SUBSTITUTE = "\x00", "\x1a"


class _Parameters(ImmutableMultiDict[str, Any]):
    """The fields of a form or a query, without any NUL in their names or texts."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(_storable(name), _storable(value)) for name, value in pairs])


def _storable(value: Any) -> Any:
    return value.replace(_NUL, _SUBSTITUTE) if isinstance(value, str) else value


class _Decoder(MultipartDecoder):
    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        lines = (text_of(line) for line in bytes(data).splitlines())
        return super()._parse_headers("\n".join(lines).encode())


class _FormParser(FormDataParser):
    """Reads forms as werkzeug does, their headers by whatever they are written in."""

    def _parse_multipart(
        self,
        stream: IO[bytes],
        mimetype: str,  # noqa: ARG002 - as the class above hands it over
        content_length: int | None,
        options: Mapping[str, str],
    ) -> Any:
        boundary = options.get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("a form without a boundary")
        decoder = _Decoder(boundary, self.max_form_memory_size, max_parts=self.max_form_parts)
        texts: list[tuple[str, str]] = []
        files: list[tuple[str, FileStorage]] = []
        part: Field | File | None = None
        content: IO[bytes] = BytesIO()
        done = False
        while not done:
            data = stream.read(_AT_ONCE)
            decoder.receive_data(data or None)
            while not isinstance(event := decoder.next_event(), NeedData):
                if isinstance(event, Epilogue):
                    done = True
                    break
                if isinstance(event, Field | File):
                    part = _file_where_named(event)
                    content = BytesIO() if isinstance(part, Field) else self._room_for(part, content_length)
                elif isinstance(event, Data) and part is not None:
                    content.write(event.data)
                    self._check_size(part, content)
                    if not event.more_data:
                        _keep(part, content, texts, files)
        return stream, self.cls(texts), self.cls(files)

    def _room_for(self, file: File, content_length: int | None) -> IO[bytes]:
        return self.stream_factory(
            total_content_length=content_length,
            filename=file.filename,
            content_type=file.headers.get("content-type"),
            content_length=0,
        )

    def _check_size(self, part: Field | File, content: IO[bytes]) -> None:
        limit = self.max_form_memory_size
        if isinstance(part, Field) and limit is not None and content.tell() > limit:
            raise RequestEntityTooLarge


def _file_where_named(part: Field | File) -> Field | File:
    # A name without quotes is passed over where it is not ASCII.
    name = name_in(part.headers["content-disposition"])
    return part if name is None or isinstance(part, File) else File(name=part.name, filename=name, headers=part.headers)


def _keep(
    part: Field | File, content: IO[bytes], texts: list[tuple[str, str]], files: list[tuple[str, FileStorage]]
) -> None:
    content.seek(0)
    if isinstance(part, File):
        files.append((part.name, FileStorage(content, part.filename, part.name, headers=part.headers)))
    else:
        texts.append((part.name, text_of(content.read())))


class FormRequest(Request):
    """A request whose forms may have headers that are not in UTF-8, and whose own may be no text at all.

    No field of a form or a query holds a NUL.
    """

    form_data_parser_class = _FormParser
    parameter_storage_class = _Parameters

    @cached_property
    def authorization(self) -> Authorization | None:
        """Who the caller says it is; None where that cannot be read."""
        try:
            return super().authorization
        except ValueError:
            # Base64 of signs that are not ASCII: werkzeug minds other errors alone.
            return None
