"""Reading what was sent: JSON bodies strictly, query strings without anything unknown, lengths before bytes."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice

from flask import Request, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import LengthRequired

from hub.domain.errors import Fault, Malformed, Refused, TooLarge, UnsupportedType
from hub.domain.plain import canonical
from schemas.base import MAX_UNKNOWN
from schemas.strict_json import decode

MAX_JSON_SIZE = 2**20


def announced_length(sent: Request) -> int:
    """How many bytes the body has; 0 where there is none. A body without an announced length is 411."""
    if sent.content_length is not None:
        return sent.content_length
    if "Transfer-Encoding" in sent.headers:
        raise LengthRequired
    return 0


def limited_read(sent: Request, length: int) -> Callable[[int], bytes]:
    """A way to read the body that never asks the server for more than the announced `length`.

    It reads from the server itself: Flask's own stream costs several times the processor on large bodies.
    """
    read = sent.environ["wsgi.input"].read
    left = length

    def read_some(wanted: int) -> bytes:
        nonlocal left
        piece: bytes = read(min(wanted, left)) if left else b""
        left -= len(piece)
        return piece

    return read_some


def whole_body(sent: Request, length: int) -> bytes:
    """The bytes of the body, of which at most the announced `length` is read; fewer where it was cut."""
    read = limited_read(sent, length)
    pieces: list[bytes] = []
    while piece := read(length):
        pieces.append(piece)
    return b"".join(pieces)


class JsonBody:
    """The JSON body of the present request, read when first asked for."""

    @cached_property
    def content(self) -> bytes:
        """The bytes of the body; raises `TooLarge` before reading, `UnsupportedType`, `Malformed`."""
        length = announced_length(request)
        if length > MAX_JSON_SIZE:
            raise TooLarge(MAX_JSON_SIZE)
        if length:
            _require_json()
        body = whole_body(request, length)
        if len(body) < length:
            raise Malformed("body_cut")
        return body

    @cached_property
    def _decoded(self) -> object:
        return decode(self.content)

    def value(self) -> object:
        """What the body holds; raises `Malformed`, also for an empty one."""
        return self._decoded

    def value_if_any(self) -> object:
        """What the body holds, or None where it is empty."""
        return self._decoded if self.content.strip() else None

    def canonical(self) -> bytes:
        """One spelling for all bodies that hold equal JSON, whatever their blanks and the order of their fields."""
        value = self.value_if_any()
        return b"" if value is None else canonical(value, ascii_only=True)


def _require_json() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        raise UnsupportedType("media_type")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedType("media_type")


def fingerprint(sent: Request, parts: Iterable[bytes]) -> str:
    """The SHA-256 that tells one call from another: its method, path and query, and the `parts` of its body."""
    digest = hashlib.sha256()
    for part in (sent.method.encode(), sent.path.encode(), sent.query_string, *parts):
        # Lengths go before the parts, so that no two calls are spelt alike.
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def single_values(given: MultiDict[str, str], known: Iterable[str], many: Iterable[str] = ()) -> Mapping[str, str]:
    """Each of the `known` names with its one value, where it was sent; those of `many` may come several times.

    Raises `Refused` for every unknown name and every one that came twice, but names a hundred at most.
    """
    taken = set(known)
    faults = list(islice(_name_faults(given, taken, set(many)), MAX_UNKNOWN))
    if faults:
        raise Refused(*faults)
    return {name: given[name] for name in taken if name in given}


def _name_faults(given: MultiDict[str, str], taken: set[str], many: set[str]) -> Iterator[Fault]:
    for name in given:
        if name not in taken and name not in many:
            yield Fault(_pointer(name), "unknown_field")
        elif name in taken and len(given.getlist(name)) > 1:
            yield Fault(_pointer(name), "listed_twice")


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
