"""A bank is changed or closed while things run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

import pytest

from hub.banks.adapters.portal import Portal
from hub.domain.actor import HUB
from hub.domain.clauses import EDITION
from hub.domain.clock import FixedClock
from hub.domain.errors import InvalidValue, TryAgain, Unusable
from hub.services.delivery import sending
from hub.services.operating import audit, invariants
from hub.services.operating import banks as bank_deeds
from hub.services.reading import directory
from hub.settings import Settings
from hub.wiring import Hub
from storage import deliveries
from storage.records import BankRecord
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import SentMessages
from tests.services.batching import BatchingBank
from tests.services.case import OFFER
from tests.services.conftest import OpenCase


class OtherBank(SimulatedBank):
    """Another way to the bank, which needs a key of its own."""

    kind = "other"
    settings: Mapping[str, Callable[[str], object]] = MappingProxyType({"pin": str, "url": str})
    required = frozenset({"pin"})
    secret = frozenset({"pin"})


class Batching(BatchingBank):
    """The same in batches."""

    kind = "batching"


@pytest.fixture
def other() -> OtherBank:
    return OtherBank()


@pytest.fixture
def batching() -> Batching:
    return Batching()


@pytest.fixture
def hub(
    settings: Settings,
    clock: FixedClock,
    sms: SentMessages,
    simulated: SimulatedBank,
    other: OtherBank,
    batching: Batching,
) -> Iterator[Hub]:
    """A hub that knows four ways to a bank."""
    made = Hub(settings, clock=clock, adapters=[Portal(), simulated, other, batching], sms=sms)
    yield made
    made.close()


def change(hub: Hub, **words: str) -> None:
    with hub.writing(HUB) as tx:
        bank_deeds.change(tx, CMB, words)


def test_what_waits_goes_on_by_the_new_way_under_its_id(
    hub: Hub, open_case: OpenCase, simulated: SimulatedBank, other: OtherBank
) -> None:
    simulated.answers.extend([TryAgain("down")] * 20)
    case = open_case(CMB)
    case.clock.at += timedelta(minutes=1)
    case.sweep()
    tried = set(simulated.attempts)
    change(hub, adapter="other", pin="1234")
    case.sweep()
    assert (case.status, len(other.attempts)) == ("awaiting_bank", 1)
    assert set(other.attempts) == tried
    assert len(simulated.attempts) == 2


def test_what_waits_for_a_system_is_at_once_in_the_portal(
    hub: Hub, open_case: OpenCase, simulated: SimulatedBank
) -> None:
    simulated.answers.append(TryAgain("down"))
    case = open_case(CMB)
    change(hub, adapter="portal")
    case.sweep()
    assert case.status == "awaiting_bank"
    with hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, hub.store)) == []


def test_a_job_that_was_queued_for_one_message_leaves_it_to_its_batch(
    hub: Hub, open_case: OpenCase, simulated: SimulatedBank, batching: Batching
) -> None:
    simulated.answers.append(TryAgain("down"))
    case = open_case(CMB)
    change(hub, adapter="batching")
    with hub.reading(HUB) as tx:
        [waiting] = [record.id for record in deliveries.list_due(tx, tx.now, 9)]
    sending.deliver(hub, hub.store, waiting)
    assert case.status == "delivering"
    case.sweep()
    assert (case.status, len(batching.batches)) == ("awaiting_bank", 1)


def test_another_way_is_checked_as_a_whole_and_takes_no_key_of_the_old_one_along(
    hub: Hub, open_case: OpenCase, simulated: SimulatedBank
) -> None:
    open_case(CMB)
    for words, error in (({"adapter": "other"}, InvalidValue), ({"adapter": "pigeon"}, Unusable)):
        with pytest.raises(error):
            change(hub, **words)
    change(hub, adapter="other", pin="1234", hotline="95555")
    with hub.reading(HUB) as tx:
        bank = bank_deeds.get(tx, CMB)
    assert (bank.adapter, bank.settings) == ("other", {"pin": "1234", "hotline": "95555"})
    assert bank.secret == {"pin"}
    change(hub, adapter="simulated")
    with hub.reading(HUB) as tx:
        assert bank_deeds.get(tx, CMB).settings == {"hotline": "95555"}
        assert b"1234" not in (tx.session.get_one(BankRecord, CMB).secrets_sealed or b"")


def test_a_clause_against_what_every_agreement_says_is_not_set(hub: Hub, banks: object) -> None:
    with pytest.raises(InvalidValue, match="clause_deletes_entries") as refused:
        change(hub, hotline="95595", credit_reporting_clause="签署后删除逾期记录。")
    assert refused.value.params == {"key": "credit_reporting_clause", "found": "删除"}
    with hub.reading(HUB) as tx:
        rules = bank_deeds.get(tx, CMB).rules
    assert (rules.hotline != "95595", rules.clauses.version) == (True, EDITION)
    change(hub, credit_reporting_clause="按照规定如实报送。")
    with hub.reading(HUB) as tx:
        assert bank_deeds.get(tx, CMB).rules.clauses.version.startswith(f"{EDITION}+")


def test_the_audit_tells_what_was_set_before_and_nothing_that_opens_a_door(hub: Hub, banks: object) -> None:
    change(hub, adapter="other", pin="1234", url="https://hub:open-sesame@bank.example/in")
    change(hub, pin="5678", url="https://bank.example/in", hotline="95595")
    with hub.reading(HUB) as tx:
        second, first = (each.details for each in audit.newest(tx, limit=2))
    assert first["after"] == "adapter=other; url=https://…@bank.example/in"
    assert second["before"] == "url=https://…@bank.example/in"
    assert second["after"] == "hotline=95595; url=https://bank.example/in"


def test_a_name_is_changed_alone(hub: Hub, banks: object) -> None:
    change(hub, name_zh="招商银行信用卡中心")
    with hub.reading(HUB) as tx:
        bank = bank_deeds.get(tx, CMB)
    assert (bank.name_zh, bank.adapter) == ("招商银行信用卡中心", "simulated")
    with pytest.raises(InvalidValue):
        change(hub, name_en="  ")


def test_a_closed_bank_is_offered_to_nobody_and_what_runs_with_it_goes_on(hub: Hub, open_case: OpenCase) -> None:
    case = open_case(ICBC)
    with hub.writing(HUB) as tx:
        assert not bank_deeds.open_or_close(tx, ICBC, is_open=False).is_open
    with hub.reading(HUB) as tx:
        assert ICBC not in [each.code for each in directory.list_banks(tx)]
        assert ICBC in [each.code for each in directory.list_banks(tx, also_closed=True)]
    case.acknowledge()
    case.offer(OFFER)
    assert case.status == "offered"
    with hub.writing(HUB) as tx:
        bank_deeds.open_or_close(tx, ICBC, is_open=True)
    with hub.reading(HUB) as tx:
        assert ICBC in [each.code for each in directory.list_banks(tx)]
