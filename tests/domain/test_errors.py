"""Where a fault is, when what was judged was a part of something else."""

import inspect
import re

import pytest

from hub.domain import errors
from hub.domain.errors import Fault, InvalidValue, Refused


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/accounts/0/currency", "/accounts/2/currency"),
        ("/accounts/1", "/accounts/5"),
        ("/accounts", "/accounts"),
        ("/accounts/x", "/accounts/x"),
        ("/accounts/²", "/accounts/²"),
        ("/evidence/0", "/evidence/0"),
        ("", ""),
    ],
)
def test_a_fault_at_an_item_of_the_list_is_renumbered_and_any_other_stays(pointer: str, expected: str) -> None:
    fault = Fault(pointer, "range", {"min": 1})
    assert fault.renumbered("accounts", [2, 5]) == Fault(expected, "range", {"min": 1})


def test_a_fault_of_a_part_is_read_below_its_place() -> None:
    assert Fault("/kind", "required", {"n": 1}).under("/terms") == Fault("/terms/kind", "required", {"n": 1})


def test_a_value_that_broke_a_rule_becomes_a_fault_with_its_numbers() -> None:
    assert InvalidValue("range", min=1, max=60).at("/instalments") == Fault(
        "/instalments", "range", {"min": 1, "max": 60}
    )


def test_a_refusal_names_every_fault_in_its_text() -> None:
    refused = Refused(Fault("/a", "required"), Fault("/b", "range"))
    assert str(refused) == "/a: required, /b: range"
    assert [fault.pointer for fault in refused.faults] == ["/a", "/b"]


def drawn() -> dict[str, str]:
    """Each class that the module's tree draws, with the one that it is drawn below."""
    above, found = ["HubError"], {}
    for stem, names in re.findall(r"^([│ ]*)[├└]── (\w+(?: / \w+)*)", errors.__doc__ or "", re.MULTILINE):
        depth = len(stem) // 4 + 1
        for name in names.split(" / "):
            found[name] = above[depth - 1]
            above[depth:] = [name]
    return found


def test_every_error_is_drawn_in_the_tree_below_what_it_is_a_kind_of() -> None:
    kinds = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.HubError)]
    below = {each.__name__: each.__bases__[0].__name__ for each in kinds if each is not errors.HubError}
    assert drawn() == below
