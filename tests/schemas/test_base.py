"""marshmallow's nested messages as faults with JSON Pointers, in an order that does not change."""

import pytest
from marshmallow import ValidationError

from hub.domain.errors import Fault
from schemas.base import MAX_FAULTS, MAX_UNKNOWN, Code, Schema, faults_of, parts, pointer_part, read, repeated
from schemas.fields import Each, Part, Text, Whole


class InnerSchema(Schema):
    """An object in a list."""

    name = Text(limit=5, minimum=2, required=True)
    count = Whole(least=0, most=9, load_default=1)


class OuterSchema(Schema):
    """An object with a list."""

    title = Text(limit=9, required=True)
    items = Each(Part(InnerSchema), least=1, most=3, required=True)


OUTER = OuterSchema()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, [("", "type_object")]),
        ([], [("", "type_object")]),
        ("text", [("", "type_object")]),
        ({}, [("/title", "required"), ("/items", "required")]),
        ({"title": None, "items": None}, [("/title", "null"), ("/items", "null")]),
        ({"title": "", "items": {}}, [("/items", "type_list")]),
        ({"title": "", "items": []}, [("/items", "too_few")]),
        ({"title": "", "items": [1] * 4}, [("/items", "too_many")]),
        ({"title": "", "items": [7]}, [("/items/0", "type_object")]),
        ({"title": "", "items": [None]}, [("/items/0", "null")]),
        ({"title": "", "items": [{"name": "ab"}, {"count": "1"}]}, [
            ("/items/1/name", "required"),
            ("/items/1/count", "type_whole_number"),
        ]),
        ({"title": "", "items": [{"name": "ab", "b": 1, "a": 1}]}, [
            ("/items/0/a", "unknown_field"),
            ("/items/0/b", "unknown_field"),
        ]),
        ({"title": "", "items": [{"name": "ab"}], "a/b~c": 1}, [("/a~1b~0c", "unknown_field")]),
        ({"title": "", "items": [{"name": "ab"}], "": 1}, [("/", "unknown_field")]),
        ({"title": "", "items": [{"name": "ab"}], "_schema": 1}, [("/_schema", "unknown_field")]),
        ({"title": 1, "_schema": {"x": 1}, "items": [{"name": "ab", "_schema": []}]}, [
            ("/title", "type_text"),
            ("/items/0/_schema", "unknown_field"),
            ("/_schema", "unknown_field"),
        ]),
    ],
)  # fmt: skip
def test_every_fault_has_its_place(data: object, expected: list[tuple[str, str]]) -> None:
    _, faults = read(OUTER, data)
    assert [(fault.pointer, fault.code) for fault in faults] == expected


def test_a_fault_carries_the_numbers_of_its_sentence() -> None:
    _, faults = read(OUTER, {"title": "x" * 10, "items": []})
    assert faults == [
        Fault("/title", "text_too_long", {"limit": 9}),
        Fault("/items", "too_few", {"least": 1}),
    ]


def test_what_could_be_read_is_given_beside_the_faults() -> None:
    found, faults = read(OUTER, {"title": "t", "items": [5, {"name": "ab", "count": True}, {"name": "cd"}]})
    assert found["title"] == "t"
    assert parts(found, "items")[1:] == [{"name": "ab"}, {"name": "cd", "count": 1}]
    assert len(parts(found, "items")) == 3
    assert len(faults) == 2


def test_a_flood_of_unknown_fields_is_not_answered_one_by_one() -> None:
    flood = {f"field-{number:05}": 1 for number in range(50_000)}
    _, faults = read(OUTER, flood)
    assert faults[:2] == [Fault("/title", "required"), Fault("/items", "required")]
    assert faults[2:] == [Fault(f"/field-{number:05}", "unknown_field") for number in range(MAX_UNKNOWN)]
    # What is known of the object is read as ever, and objects inside have their own.
    found, faults = read(OUTER, {**flood, "title": "t", "items": [{"name": "ab", **flood}] * 2})
    assert (found["title"], len(faults)) == ("t", 3 * MAX_UNKNOWN)


def test_no_answer_names_more_faults_than_the_limit() -> None:
    flood = {f"field-{number}": {str(part): ["broken"] for part in range(100)} for number in range(100)}
    assert len(faults_of(ValidationError(flood))) == MAX_FAULTS


def test_a_code_is_a_text_with_params() -> None:
    code = Code("too_large", most=3)
    assert (code, code.params) == ("too_large", {"most": 3})


def test_parts_of_a_pointer_are_escaped() -> None:
    assert pointer_part("~/") == "/~0~1"
    assert pointer_part(0) == "/0"


def test_only_what_came_before_is_repeated() -> None:
    assert list(repeated("/ids", ["a", None, "b", None, "a"], "twice", "/id")) == [Fault("/ids/4/id", "twice")]
