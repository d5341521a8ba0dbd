"""What a body came to: its value, or every fault."""

import pytest

from hub.domain.errors import Fault, Refused
from hub.domain.references import References
from schemas.base import Read, ReadNaming

_FAULT, _OTHER = Fault("/text", "required"), Fault("/evidence/0", "evidence_unknown")
_NAMED = References(bank_codes=(("/bank_code", "01020000"),))


def test_what_was_read_without_a_fault_is_given() -> None:
    assert Read.of([], lambda: 7).value_or_refuse() == 7
    assert ReadNaming.of([], _NAMED, lambda: "").value_or_refuse() == ""


@pytest.mark.parametrize("read", [Read.of([_FAULT], lambda: 7), ReadNaming.of([_FAULT], _NAMED, lambda: 7)])
def test_a_fault_refuses_it_with_those_that_were_found_beside_it(read: Read[int] | ReadNaming[int]) -> None:
    with pytest.raises(Refused) as refusal:
        read.value_or_refuse(_OTHER)
    assert (read.value, refusal.value.faults) == (None, (_FAULT, _OTHER))


def test_a_fault_from_elsewhere_refuses_what_was_read_well() -> None:
    with pytest.raises(Refused) as refusal:
        Read.of([], lambda: 7).value_or_refuse(_OTHER)
    assert refusal.value.faults == (_OTHER,)


def test_nothing_is_made_of_what_has_faults() -> None:
    assert Read.of([_FAULT], lambda: pytest.fail("made")) == (None, [_FAULT])
    assert ReadNaming.of([_FAULT], _NAMED, lambda: pytest.fail("made")).references == _NAMED
