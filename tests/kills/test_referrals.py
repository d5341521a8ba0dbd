"""A hub that dies while it hands somebody over does it all the same, as one message under one name."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.referral import HandedOver, ReferralConsent
from hub.domain.referral_consent import TEXT
from hub.services.accounts import subjects
from hub.services.referrals import referrals
from hub.wiring import Hub
from storage.records import ClientRecord, ReferralMessageRecord
from tests.kills.conftest import EVERY_STEP, Begin, Snapshots
from tests.kills.house import House
from tests.kills.story import APP
from tests.services.referrals.partner import CODE, add_partner, far_partner

pytestmark = pytest.mark.slow

STEPS = ("partner.before_tell", "partner.after_tell")
EVERY = (*STEPS, *(f"commit.{side}:{n}" for side in ("before", "after") for n in range(1, 8)))


def _consented(house: House, url: str) -> tuple[str, str]:
    """The app's person lets a partner at that address know them; gives the referral and the partner's secret."""
    hub = Hub(house.settings)
    try:
        secret = add_partner(hub, handover_url=url)
        with hub.writing(HUB) as tx:
            client_id = tx.session.scalars(sa.select(ClientRecord.id).where(ClientRecord.name == APP)).one()
            person = subjects.of_client(tx, client_id, "person-1")
            record, _ = referrals.show(tx, person, CODE)
            named = HandedOver(name="王小明", mobile="13800138000")
            given = ReferralConsent(version=TEXT.version, given_at=tx.now, handed_over=named)
            referrals.consent(tx, person, record, given)
            return record.id, secret
    finally:
        hub.close()


def _messages(house: House) -> list[tuple[str, bool]]:
    """(status, whether words are left) of each message to a partner."""
    hub = Hub(house.settings)
    try:
        with hub.reading(HUB) as tx:
            found = tx.session.scalars(sa.select(ReferralMessageRecord))
            return [(each.status, each.body_sealed is not None) for each in found]
    finally:
        hub.close()


def _hurry(house: House) -> None:
    """An attempt that was cut off is made again at once: its minute is over."""
    hub = Hub(house.settings)
    try:
        with hub.writing(HUB) as tx:
            tx.session.execute(sa.update(ReferralMessageRecord).values(next_try_at=tx.now).where(_IS_WAITING))
    finally:
        hub.close()


_IS_WAITING = ReferralMessageRecord.status == "waiting"


@pytest.mark.parametrize("step", EVERY if EVERY_STEP else STEPS)
def test_a_hub_that_dies_hands_over_all_the_same(snapshots: Snapshots, begin: Begin, step: str) -> None:
    house = begin(snapshots["upload"]).house
    with far_partner() as far:
        referral_id, far.secret = _consented(house, far.url)
        house.start("up", "up", "--port", str(house.port), crash=step)
        house.wait_until(lambda: house.deaths or _messages(house) == [("told", False)], what="the message or a death")
        _hurry(house)
        house.wait_until(lambda: _messages(house) == [("told", False)], what="the message")
        # What arrived just before the death comes again under the same name, byte for byte: one message to its reader.
        assert len(set(far.heard)) == 1
        assert json.loads(far.heard[0][1])["data"]["referral"] == referral_id
        assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
        house.end()
    assert house.command("check", "--all") == 0
