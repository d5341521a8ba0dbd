"""The demo data: told by the same services as a real day, sound, and left alone the second time."""

import pytest

from hub.demo import demonstration
from hub.demo.people import CMB
from hub.demo.stories import STORIES
from hub.domain.actor import HUB
from hub.domain.lifecycle import Status
from hub.services.operating import invariants
from hub.wiring import Hub
from storage.communications import iterate_negotiations
from storage.submissions import submission_of
from tests import applications


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Demo data are for the embedded default."""
    return sqlite_database


def test_an_empty_hub_holds_negotiations_in_every_status_and_is_sound(hub: Hub) -> None:
    assert not demonstration.is_there(hub)
    report: list[str] = []
    demonstration.fill(hub, printer=lambda _: applications.pdf(), report=report.append)
    assert demonstration.is_there(hub)
    assert report == [story.name for story in STORIES]
    with hub.reading(HUB) as tx:
        found = list(iterate_negotiations(tx))
        assert list(invariants.breaches(tx, hub.store)) == []
        sent = [submission_of(tx, each) for each in found]
    assert {each.status for each in found} == set(Status)
    assert len(found) >= 30
    shares = [loan for each in sent for loan in each.loans if loan.is_share]
    assert len(shares) == 2 * len([story for story in STORIES if story.joint_with])
    assert any(each.accounts and loan.creditor_code == CMB for each in sent for loan in each.loans if not loan.is_share)
