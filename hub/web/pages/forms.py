"""What people type into a form, read into the data that the schemas of the API load, and shown again with its faults.

Fields are named by their place, joined with dots: `finances.monthly_income_fen`, `accounts.0.card_number`. The schema
says how each is read, so whatever the API refuses a page refuses for the same reason. What a page asks for beyond that
is guidance, and stands in `hub.domain.guidance`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

import marshmallow
from marshmallow import fields as wire
from werkzeug.datastructures import MultiDict

from hub.domain.amounts import yuan
from hub.domain.errors import Fault, InvalidValue
from hub.web.access import face
from hub.web.pages.field_names import OF_CARDHOLDERS, FormFields, fault_words, page_order
from hub.web.pages.typed_input import typed_date, typed_fen, typed_instant, typed_number, typed_percent
from schemas.fields import Day, Each, Fen, Instant, Percent, TrueOrFalse, Whole

_LEFT_OUT: Final = object()
_TICKED = frozenset({"1", "on", "true", "yes"})
# Days of the past, where a year that was left out is the last one that fits.
_PAST = ("since", "paid_on", "at", "born_on", "statement_on", "sent_on", "transferred_on", "valid_from")
# Days that have passed for most and are still to come for some: then it is the nearest.
_NEAREST = ("first_posted_on",)

Values = Mapping[str, Sequence[str]]
Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as it stands: what was typed, what the schemas are given, and every fault with its place."""

    values: Values = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    data: Any = field(default_factory=dict)
    fields: FormFields = OF_CARDHOLDERS
    # What banks are called, by the codes that faults name.
    bank_names: Mapping[str, str] = field(default_factory=dict)
    # It was left like this some time ago and has not been sent.
    is_unfinished: bool = False
    # When that was, and where it is sent to; empty for a form that was just typed.
    left_at: datetime | None = None
    address: str = ""
    # What the page calls the cards of its rows, by their numbers.
    card_names: Mapping[int, str] = field(default_factory=dict)

    def value(self, name: str, default: str = "") -> str:
        """What was typed into the field."""
        typed = self.values.get(name, ())
        return typed[0] if typed else default

    def chosen(self, name: str) -> Sequence[str]:
        """Everything that was ticked under that name."""
        return self.values.get(name, ())

    def has(self, name: str, option: str) -> bool:
        """Whether that option is ticked or chosen."""
        return option in self.values.get(name, ())

    def rows(self, name: str, least: int = 0) -> range:
        """The numbers of the rows under that name, `least` or more."""
        head = f"{name}."
        numbers = (key[len(head) :].partition(".")[0] for key in self.values if key.startswith(head))
        used = {int(number) for number in numbers if _is_number(number)}
        return range(max(least, max(used, default=-1) + 1))

    def messages(self, name: str) -> list[str]:
        """What is wrong with the field or with one of its options, each once, in the language of the page."""
        return list(dict.fromkeys(self._words(each) for each in self.faults if _field_of(each.pointer) == name))

    def codes(self, name: str) -> list[str]:
        """The codes of what is wrong with the field."""
        return [each.code for each in self.faults if _field_of(each.pointer) == name]

    def message(self, name: str) -> str | None:
        """The first thing that is wrong with the field."""
        return next(iter(self.messages(name)), None)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(field, sentence) of every fault, each once, in the order of the page; no field where it concerns all."""
        ordered = sorted(self.faults, key=lambda each: page_order(each, self.fields))
        return list(dict.fromkeys((_field_of(each.pointer), self._words(each)) for each in ordered))

    def _words(self, fault: Fault) -> str:
        return fault_words(fault, self.fields, self.bank_names, self.card_names)

    def with_faults(self, faults: Iterable[Fault]) -> "FormState":
        """The same with more faults; what could not be read at all is not blamed a second time."""
        blamed = {each.pointer for each in self.faults}
        return replace(self, faults=(*self.faults, *(each for each in faults if each.pointer not in blamed)))

    def of_what_was_typed(self) -> "FormState":
        """The same with the faults of those fields alone that hold something: the others may still be filled in."""
        return replace(self, faults=tuple(each for each in self.faults if self.value(_field_of(each.pointer))))

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.faults


def _field_of(pointer: str) -> str:
    parts = pointer.lstrip("/").split("/")
    if len(parts) > 1 and _is_number(parts[-1]):
        parts.pop()
    return ".".join(parts)


def read_form(form: Form, schema: marshmallow.Schema, *, today: date | None = None) -> FormState:
    """`form` as data for `schema`: only the schema's fields, an empty field left out, amounts in fen, ISO dates.

    What cannot be read keeps its place in `data` as it was typed, with a fault of its own that `with_faults` prefers.
    """
    reader = _Reader(form, today or face().today)
    data = reader.object(schema, "")
    values = {name: list(typed) for name, typed in reader.form.lists() if name not in {"csrf_token", "once"}}
    return FormState(values=values, faults=tuple(reader.faults), data=data)


def typed_values(form: Form) -> Values:
    """All that `form` holds, by field, as it was typed."""
    return {name: list(typed) for name, typed in form.lists()}


def form_of(values: Values) -> Form:
    """The form that would be sent with these `values`."""
    return MultiDict([(name, each) for name, typed in values.items() for each in typed])


class _Reader:
    """Reads one form. Rows that were left empty are closed up first, so that places in faults fit what is shown."""

    def __init__(self, form: Form, today: date) -> None:
        self.form = _closed_up(form)
        self.today = today
        self.faults: list[Fault] = []

    def object(self, schema: marshmallow.Schema, prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, each in schema.load_fields.items():
            value = self.field(each, f"{prefix}{name}")
            if value is not _LEFT_OUT:
                found[name] = value
        return found

    def field(self, each: wire.Field[Any], name: str) -> Any:
        if isinstance(each, wire.Nested):
            below = self.object(each.schema, f"{name}.")
            is_there = any(key.startswith(f"{name}.") for key in self.form)
            return below if is_there or each.required else _LEFT_OUT
        if isinstance(each, Each):
            return self.items(each, name)
        typed = self.form.get(name, "").replace("\r\n", "\n")
        if isinstance(each, TrueOrFalse):
            return typed in _TICKED
        if not typed.strip():
            return _LEFT_OUT
        try:
            return self.single(each, name, typed)
        except InvalidValue as error:
            self.faults.append(error.at("/" + name.replace(".", "/")))
            return typed

    def items(self, each: Each, name: str) -> Any:
        if isinstance(each.inner, wire.Nested):
            numbers = _row_numbers(self.form, name)
            return [self.object(each.inner.schema, f"{name}.{number}.") for number in numbers]
        return [typed for typed in self.form.getlist(name) if typed]

    def day(self, name: str, typed: str) -> date:
        day = typed_date(typed, today=self.today, past=name.endswith(_PAST))
        if not name.endswith(_NEAREST):
            return day
        last = typed_date(typed, today=self.today, past=True)
        return min(day, last, key=lambda each: abs(each - self.today))

    def single(self, each: wire.Field[Any], name: str, typed: str) -> Any:
        match each:
            case Fen():
                return typed_fen(typed)
            case Whole():
                return typed_number(typed)
            case Day():
                return self.day(name.rpartition(".")[2], typed).isoformat()
            case Instant():
                return typed_instant(typed)
            case Percent():
                return typed_percent(typed, decimals=each.decimals)
        return typed


def _is_number(part: str) -> bool:
    """Whether it is the number of a row: other signs are digits too, to Python."""
    return part.isascii() and part.isdigit() and len(part) < 4


def _row_numbers(form: Form, name: str) -> list[int]:
    head = f"{name}."
    parts = (key[len(head) :].partition(".")[0] for key in form if key.startswith(head))
    return sorted({int(part) for part in parts if _is_number(part)})


def _closed_up(form: Form) -> Form:
    """The form without rows in which nothing was typed, the others numbered from 0."""
    lists = {key.split(".")[0] for key in form if key.count(".") >= 2 and _is_number(key.split(".")[1])}
    closed: Form = MultiDict()
    numbers = {name: {old: new for new, old in enumerate(_filled_rows(form, name))} for name in lists}
    for key, typed in form.lists():
        parts = key.split(".")
        if parts[0] in lists and len(parts) > 1 and _is_number(parts[1]):
            new = numbers[parts[0]].get(int(parts[1]))
            if new is None:
                continue
            parts[1] = str(new)
        closed.setlist(".".join(parts), typed)
    return closed


def _filled_rows(form: Form, name: str) -> Iterator[int]:
    for number in _row_numbers(form, name):
        head = f"{name}.{number}."
        if any(key.startswith(head) and _is_typed(form, key) for key in form):
            yield number


def _is_typed(form: Form, key: str) -> bool:
    return bool(form[key].strip())


def filled(data: Any) -> FormState:
    """A form that shows `data`, in the spelling of the schemas: amounts in yuan, everything else as it is."""
    values: dict[str, list[str]] = {}
    _fill(values, "", data)
    return FormState(values=values, data=data)


def _fill(values: dict[str, list[str]], name: str, data: Any) -> None:
    if isinstance(data, Mapping):
        for key, below in data.items():
            _fill(values, f"{name}.{key}" if name else str(key), below)
    elif isinstance(data, list | tuple):
        if all(not isinstance(each, Mapping) for each in data):
            values[name] = [str(each) for each in data]
        else:
            for place, each in enumerate(data):
                _fill(values, f"{name}.{place}", each)
    elif isinstance(data, bool):
        values[name] = ["1"] if data else []
    elif data is not None:
        values[name] = [yuan(data) if name.endswith("_fen") else str(data)]
