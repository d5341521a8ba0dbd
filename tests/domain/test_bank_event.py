"""What a bank can say: ids that a sender can mean, and calls that came to an event or to faults."""

import pytest

from hub.domain.bank_event import Acknowledged, BankEvent, EventType, LoadedCall, LoadedEvent
from hub.domain.errors import Fault, InvalidValue, Refused


def event(event_id: str) -> BankEvent:
    return BankEvent(
        id=event_id,
        bank_code="01020000",
        negotiation="1" * 32,
        type=EventType.ACKNOWLEDGED,
        content=Acknowledged(),
        digest="0" * 64,
    )


@pytest.mark.parametrize("event_id", ["1", "evt_2026 11", "x" * 64])
def test_an_id_of_one_to_64_printable_ascii_signs_is_kept(event_id: str) -> None:
    assert event(event_id).id == event_id


@pytest.mark.parametrize("event_id", ["", "x" * 65, "事件", "a\nb", "a\x00"])
def test_any_other_id_is_refused_with_its_limit(event_id: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        event(event_id)
    assert (refused.value.code, refused.value.params) == ("event_id", {"limit": 64})


def test_a_call_gives_its_event_or_is_refused_with_every_fault() -> None:
    loaded = LoadedEvent(type=EventType.ACKNOWLEDGED, negotiation="1" * 32, content=Acknowledged())
    assert LoadedCall(negotiation="1" * 32, event=loaded).event_or_refuse() is loaded
    faults = (Fault("/type", "unknown"), Fault("/data", "required"))
    with pytest.raises(Refused) as refused:
        LoadedCall(negotiation=None, event=None, faults=faults).event_or_refuse()
    assert refused.value.faults == faults
