"""The demo data: told by the same services as a real day, sound, and left alone the second time."""

from hub.domain.actor import HUB
from hub.services import invariants
from hub.wiring import Hub
from hub.work import demonstration
from hub.work.stories import STORIES
from storage.communications import iterate_negotiations
from tests import applications


def test_an_empty_hub_holds_every_state_that_a_portal_bank_can_come_to_and_is_sound(hub: Hub) -> None:
    assert not demonstration.is_there(hub)
    told: list[str] = []
    demonstration.fill(hub, printer=lambda _: applications.pdf(), told=told.append)
    assert demonstration.is_there(hub)
    assert told == [story.name for story in STORIES]
    with hub.reading(HUB) as tx:
        statuses = {each.status for each in iterate_negotiations(tx)}
        assert list(invariants.breaches(tx, hub.store)) == []
    assert statuses >= {
        "returned",
        "awaiting_bank",
        "in_review",
        "awaiting_cardholder",
        "offered",
        "agreed",
        "rejected",
        "withdrawn",
        "lapsed",
    }
