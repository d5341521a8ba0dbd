"""The base of every schema: unknown fields refused, every fault a machine code, faults as JSON Pointers.

The fields themselves are in `fields`. What marshmallow says in English never leaves this module.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import islice
from typing import Any, Generic, NamedTuple, Self, TypeVar

import marshmallow
from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA

from hub.domain.card_secrets import is_card_secret
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.references import References

MAX_FAULTS = 1000
MAX_UNKNOWN = 100

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Found = dict[str, Any]
"""What could be read of an object: the fields without a fault, and the sound parts of the others."""


class Read(NamedTuple, Generic[T_co]):
    """What a body came to: its value, or every fault and None."""

    value: T_co | None
    faults: list[Fault]

    @classmethod
    def of(cls, faults: list[Fault], make: Callable[[], T_co]) -> "Read[T_co]":
        """What `make` makes where there are no faults; it is not called otherwise."""
        return cls(None, faults) if faults else cls(make(), [])

    @classmethod
    def made_of(cls, faults: list[Fault], make: Callable[[], T_co]) -> "Read[T_co]":
        """As `of`; where `make` refuses, what it refuses."""
        try:
            return cls.of(faults, make)
        except Refused as error:
            return cls(None, list(error.faults))

    def value_or_refuse(self, *others: Fault) -> T_co:
        """The value; raises `Refused` with every fault, and with `others` that were found beside them."""
        return _value_or_refuse(self.value, (*self.faults, *others))


class ReadNaming(NamedTuple, Generic[T_co]):
    """What a body came to, and which banks and files it names, whatever is wrong with it."""

    value: T_co | None
    faults: list[Fault]
    references: References

    @classmethod
    def of(cls, faults: list[Fault], references: References, make: Callable[[], T_co]) -> "ReadNaming[T_co]":
        """What `make` makes where there are no faults; it is not called otherwise."""
        return cls(None, faults, references) if faults else cls(make(), [], references)

    def value_or_refuse(self, *others: Fault) -> T_co:
        """The value; raises `Refused` with every fault, and with `others` that were found beside them."""
        return _value_or_refuse(self.value, (*self.faults, *others))


def _value_or_refuse(value: T | None, faults: tuple[Fault, ...]) -> T:
    if value is None or faults:
        raise Refused(*faults)
    return value


class Code(str):
    """A fault's machine code in the place of marshmallow's message, with the numbers for its sentence."""

    __slots__ = ("params",)
    params: Mapping[str, str | int]

    def __new__(cls, code: str, **params: str | int) -> Self:
        """The code named `code`."""
        made = super().__new__(cls, code)
        made.params = params
        return made


def refusal(code: str, **params: str | int) -> ValidationError:
    """The error that a field raises where its value broke the rule `code`."""
    return ValidationError(Code(code, **params))


def refusal_of(error: InvalidValue) -> ValidationError:
    """The error that a field raises where a rule of the domain was broken."""
    return ValidationError(Code(error.code, **error.params))


class Schema(marshmallow.Schema):
    """An object on the wire. Instances can be shared between threads; make them once, at module level."""

    class Meta:
        unknown = marshmallow.RAISE

    error_messages = {"type": Code("type_object"), "unknown": Code("unknown_field")}  # noqa: RUF012 - marshmallow's own name

    @marshmallow.pre_load
    def few_unknown(self, data: Any, **_: Any) -> Any:
        """Of an object's unknown fields the first `MAX_UNKNOWN` by name, so that a flood of them costs little."""
        if not isinstance(data, dict) or len(data) <= len(self.fields) + MAX_UNKNOWN:
            return data
        known = {field.data_key or name for name, field in self.fields.items()}
        kept = known.union(nsmallest(MAX_UNKNOWN, (name for name in data if name not in known)))
        return {name: value for name, value in data.items() if name in kept}


def read(schema: marshmallow.Schema, data: object) -> tuple[Found, list[Fault]]:
    """What could be read of `data`, and every fault of its single fields.

    A list keeps its places: None stands for an item of which nothing could be read.
    """
    try:
        found: Found = schema.load(data)  # type: ignore[arg-type]  # it refuses what is no object by itself
    except ValidationError as error:
        sound = error.valid_data
        return (sound if isinstance(sound, dict) else {}), faults_of(error)
    return found, []


def faults_of(error: ValidationError) -> list[Fault]:
    """Every fault in `error`, with its place; the declared order, unknown fields after them by name.

    At most `MAX_FAULTS`: no honest body has so many, and a hostile one shall not make its answer grow.
    """
    return list(islice(_faults_below("", error.messages), MAX_FAULTS))


def pointer_part(name: str | int) -> str:
    """`name` as one part of a JSON Pointer (RFC 6901), its slash in front."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def _faults_below(pointer: str, messages: Any) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for name, told in _unknown_last(messages):
            # marshmallow keeps what is wrong with the object as a whole under this name, which a field of the
            # input can bear as well; such a field is always an unknown one.
            is_whole = name == SCHEMA and not _is_unknown(told)
            below = ["card_secret_refused"] if _is_unknown(told) and is_card_secret(str(name)) else told
            yield from _faults_below(pointer if is_whole else pointer + pointer_part(name), below)
        return
    for message in messages:
        yield Fault(pointer, str(message), message.params if isinstance(message, Code) else {})


def _unknown_last(messages: Mapping[Any, Any]) -> Iterable[tuple[Any, Any]]:
    known = [(name, below) for name, below in messages.items() if not _is_unknown(below)]
    # marshmallow finds unknown fields through a set, so in another order every time.
    unknown = sorted((item for item in messages.items() if _is_unknown(item[1])), key=lambda item: str(item[0]))
    return [*known, *unknown]


def _is_unknown(messages: Any) -> bool:
    return isinstance(messages, Sequence) and list(messages) == ["unknown_field"]


def repeated(pointer: str, items: Iterable[object], code: str, below: str = "") -> Iterator[Fault]:
    """A fault at each item that came before; `below` leads from an item to its place. None is no item."""
    seen: set[object] = set()
    for place, item in enumerate(items):
        if item is None:
            continue
        if item in seen:
            yield Fault(f"{pointer}/{place}{below}", code)
        seen.add(item)


def parts(found: Found, name: str) -> list[Found]:
    """The objects of the list `name`, an empty one in each place where nothing could be read."""
    return [each or {} for each in found.get(name) or ()]
