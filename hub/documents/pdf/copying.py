"""Copying a PDF's objects into another document by a list of what may be there: nothing else comes along.

A shape says what a value must be and which of its parts are kept; what has another form is left out.
"""

from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from hub.documents.pdf.layers import Layers
from hub.documents.pdf.streams import Unpacking
from hub.documents.rejection import RejectedError
from hub.domain.evidence import FileRejectionReason

# Honest files need a dozen of the one and some thousands of the other.
_DEEPEST: Final = 40
_MOST_OBJECTS: Final = 200_000

Shape = Callable[["Copying", Any], Any]
"""Makes of a value of the source one of the target; None where it is not what it should be."""


class Copying:
    """Copies objects from `source` to `target`, each once, by shapes. What holds itself is cut where it does."""

    def __init__(self, source: Pdf, target: Pdf, layers: Layers) -> None:
        self.source = source
        self.target = target
        self.layers = layers
        self.unpacking = Unpacking()
        self.weights: dict[object, int] = {}
        self._made: dict[Hashable, Any] = {}
        self._depth = 0
        self._count = 0

    def copied(self, value: Any, shape: Shape, within: Hashable = None) -> Any:
        """The copy of `value`, None where there is none; one for all who ask with this shape, or `within` the same.

        Raises RejectedError where things lie within each other too deeply, or are too many.
        """
        if not (isinstance(value, pikepdf.Object) and value.is_indirect):
            return self._copied(value, shape)
        key = (value.objgen, shape if within is None else within)
        if key not in self._made:
            self._made[key] = None
            made = self._copied(value, shape)
            if isinstance(made, Dictionary | Array) and not made.is_indirect:
                made = self.target.make_indirect(made)
            self._made[key] = made
        return self._made[key]

    def _copied(self, value: Any, shape: Shape) -> Any:
        self._count += 1
        if self._depth > _DEEPEST or self._count > _MOST_OBJECTS:
            raise RejectedError(FileRejectionReason.UNREADABLE)
        self._depth += 1
        try:
            return shape(self, value)
        finally:
            self._depth -= 1


def number(_: Copying, value: Any) -> Any:
    """A number."""
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def integer(_: Copying, value: Any) -> Any:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def boolean(_: Copying, value: Any) -> Any:
    """True or false."""
    return value if isinstance(value, bool) else None


def name(_: Copying, value: Any) -> Any:
    """Any name."""
    return value if isinstance(value, Name) else None


def string(_: Copying, value: Any) -> Any:
    """Any string."""
    return value if isinstance(value, String) else None


def one_of(*words: str) -> Shape:
    """One of these names."""
    allowed = frozenset(f"/{word}" for word in words)
    return lambda _, value: value if word_of(value) in allowed else None


def any_of(*shapes: Shape) -> Shape:
    """What the first shape makes that makes something."""

    def shape(copying: Copying, value: Any) -> Any:
        return next((made for each in shapes if (made := each(copying, value)) is not None), None)

    return shape


def dictionary(fields: Mapping[str, Shape]) -> Shape:
    """A dictionary with those of its entries that are named here and have their shape."""

    def shape(copying: Copying, value: Any) -> Any:
        return Dictionary(kept_fields(copying, value, fields)) if isinstance(value, Dictionary) else None

    return shape


def list_of(each: Shape) -> Shape:
    """An array, without what has not that shape."""

    def shape(copying: Copying, value: Any) -> Any:
        if not isinstance(value, Array):
            return None
        made = (copying.copied(item, each) for item in value)
        return Array([item for item in made if item is not None])

    return shape


def numbers_of(count: int) -> Shape:
    """An array of so many numbers."""

    def shape(_: Copying, value: Any) -> Any:
        if not isinstance(value, Array) or len(value) != count:
            return None
        made = [item for item in value if number(_, item) is not None]
        return Array(made) if len(made) == count else None

    return shape


def kept_fields(copying: Copying, value: Any, fields: Mapping[str, Shape]) -> dict[str, Any]:
    """The entries of a dictionary, or of a stream's, that are named in `fields`, copied."""
    kept = {}
    for key, shape in fields.items():
        given = value.get(key)
        if given is not None and (made := copying.copied(given, shape)) is not None:
            kept[key] = made
    return kept


def stream_of(fields: Mapping[str, Shape], content: Callable[[bytes], bytes | None] = lambda data: data) -> Shape:
    """A stream with those of its entries, and with what `content` makes of its decoded bytes; None: it is left out."""

    def shape(copying: Copying, value: Any) -> Any:
        if not isinstance(value, Stream):
            return None
        made = content(copying.unpacking.read(value))
        return (
            None if made is None else copying.target.make_stream(made, Dictionary(kept_fields(copying, value, fields)))
        )

    return shape


def word_of(value: Any) -> str:
    """How a name is written, with its slash; empty for what is no name. Bytes that are no ASCII stay escaped."""
    return value.unparse().decode("latin-1") if isinstance(value, Name) else ""


numbers: Final = list_of(number)
