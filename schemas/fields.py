"""The fields of the wire: strict about types, silent about English, described well enough for OpenAPI.

Each takes JSON's own types alone (a number is never read from a text, nor true from 1) and raises a `Code`.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from marshmallow import ValidationError, fields

from hub.domain import people
from hub.domain.card_secrets import secret_in, tells_secret
from hub.domain.errors import InvalidValue
from hub.domain.invisible import trimmed, without_invisible
from hub.domain.terms import MAX_FEN
from schemas.base import Code, refusal, refusal_of

# What every reader of JSON takes exactly; sums over many rows can pass the bound of a single amount.
MOST_EXACT = 2**53

TEXT_LIMIT = 4000
"""Characters of a message, a reason or a description."""
MAX_PERCENT = 100

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339, section 5.6. Digits of a second beyond the sixth are read and dropped.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
# Beyond these years an instant cannot be shown in every time zone.
_INSTANT_YEARS = range(1900, 9000)
# Numbers as people type them may hold blanks and hyphens, but nothing much longer is worth reading.
_TYPED_LIMIT = 400


class _Coded:
    """Gives a marshmallow field machine codes for what is missing or null."""

    def make_error(self, key: str, **_: object) -> ValidationError:
        """The error named `key`; the names that marshmallow uses by itself are codes already."""
        return ValidationError(Code(key))


def with_metadata(options: dict[str, Any], **metadata: object) -> dict[str, Any]:
    """A field's `options`, its own metadata over what OpenAPI shall say of every such field."""
    takes_null = options.get("allow_none", options.get("load_default", "") is None)
    if takes_null and isinstance(metadata.get("enum"), list):
        # OpenAPI lets nothing pass that an enum does not name, null among it.
        metadata["enum"] = [*cast("list[object]", metadata["enum"]), None]
    return {**options, "metadata": {**metadata, **options.get("metadata", {})}}


class Text(_Coded, fields.String):
    """One line of text as it was sent, of at most `limit` characters; with a `minimum`, not blank."""

    def __init__(self, *, limit: int, minimum: int = 0, **options: Any) -> None:
        super().__init__(**with_metadata(options, minLength=minimum, maxLength=limit))
        self.limit = limit
        self.minimum = minimum

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise refusal("type_text")
        try:
            text = people.free_text(value, limit=self.limit)
        except InvalidValue as error:
            raise refusal_of(error) from error
        if not self.takes_lines and any(sign in value for sign in "\n\t\u2028\u2029"):
            raise refusal("text_one_line")
        visible = 0 if people.says_nothing(text) else len(trimmed(text))
        if visible < self.minimum:
            raise refusal("text_required") if not visible else refusal("text_too_short", limit=self.minimum)
        return text

    takes_lines = False


class FreeText(Text):
    """Text of several lines, exactly as it was sent."""

    takes_lines = True

    def __init__(self, *, limit: int = TEXT_LIMIT, minimum: int = 0, **options: Any) -> None:
        super().__init__(limit=limit, minimum=minimum, **options)


class SpokenText(FreeText):
    """What one side writes to the other, as it was sent: no password, code or expiry of a card is told in it."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        text = super()._deserialize(value, *rest, **more)
        if tells_secret(text):
            raise refusal("card_secret_refused")
        return text


class OpenText(Text):
    """One line that somebody else reads: no number of a card and no secret of one stands in it."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        text = super()._deserialize(value, *rest, **more)
        code = secret_in(text)
        if code is not None:
            raise refusal(code)
        return text


class OpenFreeText(OpenText, FreeText):
    """The same of several lines."""


class Formed(_Coded, fields.String):
    """Text that a function of the domain brings into its one form, or refuses with InvalidValue."""

    def __init__(self, form: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.form = form

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise refusal("type_text")
        if len(value) > _TYPED_LIMIT:
            raise refusal("text_too_long", limit=_TYPED_LIMIT)
        try:
            return self.form(value)
        except InvalidValue as error:
            raise refusal_of(error) from error


class Name(Formed):
    """A person's name; blanks at its ends go, all else stays."""

    def __init__(self, **options: Any) -> None:
        metadata = {"minLength": 1, "maxLength": people.NAME_LIMIT}
        super().__init__(people.person_name, **with_metadata(options, **metadata))


class Whole(_Coded, fields.Integer):
    """A whole number of JSON from `least` to `most`, both allowed."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        super().__init__(**with_metadata(options, minimum=least, maximum=most))
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if type(value) is not int:
            raise refusal("type_whole_number")
        if value < self.least:
            raise refusal("too_small", least=self.least)
        if value > self.most:
            raise refusal("too_large", most=self.most)
        return value


def whole(**options: Any) -> Whole:
    """The field of a number that only counts something."""
    return Whole(least=0, most=MOST_EXACT, **options)


class Fen(Whole):
    """An amount of money in fen."""

    def __init__(self, *, least: int = 0, most: int = MAX_FEN, **options: Any) -> None:
        super().__init__(least=least, most=most, **options)


class Day(_Coded, fields.Date):
    """A day in China, `YYYY-MM-DD` and nothing else."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not isinstance(value, str):
            raise refusal("type_text")
        value = without_invisible(value)
        # The pattern comes first: fromisoformat also takes 20270101 and 2027-W01-1.
        if _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise refusal("date_form")


class Instant(_Coded, fields.DateTime):
    """An instant, RFC 3339 with its offset; UTC inside, China time outside."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        if not isinstance(value, str):
            raise refusal("type_text")
        value = without_invisible(value)
        if _INSTANT.fullmatch(value) and int(value[:4]) in _INSTANT_YEARS:
            try:
                return datetime.fromisoformat(value.upper()).astimezone(UTC)
            except ValueError:
                pass
        raise refusal("time_form")


class Percent(_Coded, fields.String):
    """A percentage as a text, at most `decimals` decimals, from 0 to `most`; a JSON number is refused."""

    def __init__(self, *, most: int = MAX_PERCENT, decimals: int = 2, **options: Any) -> None:
        examples = ["3.60" if decimals == 2 else "0.05"]
        pattern = rf"^(0|[1-9][0-9]*)(\.[0-9]{{1,{decimals}}})?$"
        super().__init__(**with_metadata(options, pattern=pattern, examples=examples))
        self.most = most
        self.decimals = decimals
        self._form = re.compile(rf"(?:0|[1-9][0-9]{{0,8}})(?:\.[0-9]{{1,{decimals}}})?")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        value = without_invisible(value) if isinstance(value, str) else ""
        if not self._form.fullmatch(value):
            raise (
                refusal("percent_form") if self.decimals == 2 else refusal("fine_percent_form", decimals=self.decimals)
            )
        if Decimal(value) > self.most:
            raise refusal("too_large", most=self.most)
        return Decimal(value)


class Word(_Coded, fields.String):
    """One of the words that are taken."""

    def __init__(self, words: Iterable[str], **options: Any) -> None:
        self.words = tuple(str(word) for word in words)
        super().__init__(**with_metadata(options, enum=list(self.words)))

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise refusal("type_text")
        if value not in self.words:
            raise refusal("unknown_choice", choices=", ".join(self.words))
        return value


class Choice(Word):
    """One word of an enum, or of those `among` it, as its member."""

    def __init__(self, choices: type[StrEnum], *, among: Collection[StrEnum] = (), **options: Any) -> None:
        super().__init__([each for each in choices if not among or each in among], **options)
        self.choices = choices

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> StrEnum:
        return self.choices(super()._deserialize(value))


class TrueOrFalse(_Coded, fields.Boolean):
    """true or false of JSON, and nothing that only looks like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise refusal("type_true_or_false")
        return value


class Part(_Coded, fields.Nested):
    """An object inside an object."""


class Each(_Coded, fields.List[Any]):
    """A list of `least` to `most` items; a longer one is not read at all."""

    def __init__(self, inner: fields.Field[Any], *, most: int, least: int = 0, **options: Any) -> None:
        super().__init__(inner, **with_metadata(options, minItems=least, maxItems=most))
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        if not isinstance(value, list):
            raise refusal("type_list")
        if len(value) < self.least:
            raise refusal("too_few", least=self.least)
        if len(value) > self.most:
            raise refusal("too_many", most=self.most)
        found: list[Any] = []
        faults: dict[Any, Any] = {}
        for place, each in enumerate(value):
            try:
                found.append(self.inner.deserialize(each))
            except ValidationError as error:
                found.append(error.valid_data)
                faults[place] = error.messages
        if faults:
            raise ValidationError(faults, valid_data=found)
        return found
