"""The form of a notice: days as people write them, or the file that `hub calendar import` takes."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from werkzeug.datastructures import FileStorage

from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.notices import Notice, parse_notice
from hub.web.catalogue import marked
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import Form, FormState
from hub.web.pages.typed_input import typed_date, typed_number

FIELDS: Final = FormFields(
    {
        "year": marked("哪一年"),
        "notice": marked("通知文号"),
        "published_on": marked("公布日期"),
        "off": marked("放假的日子"),
        "work": marked("调休上班的周末"),
        "file": marked("文件"),
    }
)
_TYPED: Final = tuple(name for name in FIELDS.names if name != "file")
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_UNTIL: Final = re.compile(r"至|到|~|～|—+")
# A notice has some thirty days; a range longer than this is a slip.
_LONGEST: Final = timedelta(days=20)
_MOST_BYTES: Final = 64 * 1024
_SOME_YEAR: Final = 2026


def filled_form(form: Form) -> FormState:
    """The form as it was typed."""
    return FormState(values={name: [form.get(name, "")] for name in _TYPED}, fields=FIELDS)


def read_notice(form: Form, file: FileStorage | None) -> tuple[FormState, Notice | None]:
    """The notice of the file where one was chosen, else of the fields; None where something is wrong with it."""
    state = _read_file(file) if file is not None and file.filename else _read_fields(form)
    if not isinstance(state.data, Mapping) or not state.data:
        return state, None
    try:
        notice = parse_notice(state.data)
    except Refused as refused:
        # What could not be read is blamed already, and what could be may be wrong all the same.
        return state.with_faults(_places_of_fields(refused.faults)), None
    return state, notice if state.sound else None


def _places_of_fields(faults: tuple[Fault, ...]) -> Iterator[Fault]:
    """The faults at the fields of the form; what concerns a field that is not there concerns the file."""
    for fault in faults:
        name = fault.pointer.lstrip("/").partition("/")[0]
        yield fault if name in _TYPED else Fault("/file", fault.code, fault.params)


def _read_file(file: FileStorage) -> FormState:
    content = file.stream.read(_MOST_BYTES + 1)
    try:
        data = json.loads(content.decode("utf-8-sig")) if len(content) <= _MOST_BYTES else None
    except ValueError:
        data = None
    if not isinstance(data, Mapping):
        return FormState(faults=(Fault("/file", "not_an_object"),), fields=FIELDS)
    return form_of(data)


def form_of(data: Mapping[str, Any]) -> FormState:
    """The form that shows `data`, the JSON of a notice: a day a line."""
    return FormState(values={name: [_shown(data.get(name, ""))] for name in _TYPED}, data=data, fields=FIELDS)


def _shown(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _read_fields(form: Form) -> FormState:
    state, faults = filled_form(form), []
    data: dict[str, Any] = {"notice": state.value("notice")}
    try:
        data["year"] = typed_number(state.value("year").replace("年", ""))
        around = date(data["year"], 1, 1)
    except (InvalidValue, ValueError):
        faults.append(Fault("/year", "number_form"))
        around = date(_SOME_YEAR, 1, 1)
    try:
        data["published_on"] = typed_date(state.value("published_on"), today=around, past=True).isoformat()
    except InvalidValue as error:
        faults.append(error.at("/published_on"))
    for name in ("off", "work"):
        try:
            data[name] = [day.isoformat() for day in _days(state.value(name), around)]
        except InvalidValue as error:
            faults.append(error.at(f"/{name}"))
    return FormState(values=state.values, faults=tuple(faults), data=data, fields=FIELDS)


def _days(typed: str, around: date) -> Iterator[date]:
    """Every day that is written, ranges spelt out; a day without a year is one of the year of `around`."""
    # Blanks around the word for a range would part it otherwise.
    together = re.sub(rf"\s*({_UNTIL.pattern})\s*", r"\1", typed)
    for part in filter(None, _BETWEEN.split(together)):
        first, *others = _UNTIL.split(part)
        day = typed_date(first, today=around)
        last = typed_date(others[0], today=around) if others else day
        if len(others) > 1 or not timedelta() <= last - day <= _LONGEST or last == date.max:
            raise InvalidValue("date_typed")
        while day <= last:
            yield day
            day += timedelta(days=1)
