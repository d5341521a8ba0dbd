"""What every adapter keeps, whatever its system: what it says of itself, and what becomes of what it sends.

Each kind meets its simulated bank over real sockets. A new kind passes by being there.
"""

import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.banks.port import Adapter, Batch, Batching, Message, Receipt
from hub.banks.simulator.port import Does
from hub.domain.bank import Bank, BankRules
from hub.domain.bank_settings import READERS
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.errors import DeliveryError, InvalidValue, RefusedForGood, TryAgain, Unusable
from hub.settings import Settings
from hub.wiring import Hub
from tests.applications import ICBC
from tests.banks.joined import (
    CALL_S,
    FAR,
    KINDS,
    FarBank,
    RecordedHttp,
    message,
    surroundings_of,
)
from tests.banks.simulated import SimulatedBank
from tests.conftest import SECRET

pytestmark = pytest.mark.slow

# By the contract any 2xx means that a webhook bank has the message, whatever stands in the answer.
TAKES_ANY_PAGE = {"webhook"}


# What an adapter says of itself.


def every_adapter(hub: Hub) -> list[Adapter]:
    return [*(hub.adapters.adapter(kind) for kind in hub.adapters.kinds), SimulatedBank()]


@pytest.fixture
def plain_hub(tmp_path: Path, sqlite_database: str) -> Iterator[Hub]:
    """A hub that is joined to no bank."""
    made = Hub(
        Settings(home=tmp_path, database_url=sqlite_database, evidence_url=f"file://{tmp_path}", secret_keys=SECRET)
    )
    yield made
    made.close()


def test_an_adapter_names_its_kind_and_a_reader_for_each_setting_of_its_own(plain_hub: Hub) -> None:
    for kind, adapter in zip(plain_hub.adapters.kinds, every_adapter(plain_hub), strict=False):
        assert adapter.kind == kind
        assert adapter.kind.isidentifier()
        assert isinstance(adapter.settings, Mapping)
        assert not set(adapter.settings) & set(READERS)
        assert all(callable(reader) for reader in adapter.settings.values())
        assert adapter.required <= {*adapter.settings, *READERS}


def test_every_kind_has_a_simulated_bank_but_the_one_whose_system_is_the_hub(plain_hub: Hub) -> None:
    assert {adapter.kind for adapter in every_adapter(plain_hub) if adapter.in_house} == {"portal"}
    assert {*FAR, "portal"} == set(KINDS)


def test_the_catalogue_names_the_kinds_there_are(plain_hub: Hub) -> None:
    assert {"portal", "webhook"} <= set(plain_hub.adapters.kinds)
    with pytest.raises(Unusable, match="portal"):
        plain_hub.adapters.adapter("carrier-pigeon")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"response_days": "7", "hotline": "95588"}, None),
        ({"response_days": "0"}, "whole_number_between"),
        ({"closes_at": "25:00"}, "time_of_day"),
        ({"pause_on_evidence": "maybe"}, "true_or_false"),
        ({"give_up_after": "3 days"}, "duration"),
        ({"desk_email": "no address"}, "email"),
        ({"colour": "red"}, "setting_unknown"),
    ],
)
def test_a_banks_settings_are_checked_by_name(plain_hub: Hub, settings: dict[str, str], code: str | None) -> None:
    if code is None:
        plain_hub.adapters.check_settings("portal", settings)
        return
    with pytest.raises(InvalidValue) as refusal:
        plain_hub.adapters.check_settings("portal", settings)
    assert (refusal.value.code, refusal.value.params["key"]) == (code, next(iter(settings)))


def test_a_setting_that_is_needed_is_named(hub: Hub, far: FarBank, bank: Bank, adapter: Adapter) -> None:
    for missing in sorted(adapter.required):
        left = {key: value for key, value in far.settings.items() if key != missing}
        with pytest.raises(InvalidValue) as refusal:
            hub.adapters.check_settings(adapter.kind, left)
        assert (refusal.value.code, refusal.value.params["key"]) == ("setting_missing", missing)


def test_the_adapter_is_told_of_the_world_by_the_hub_alone(hub: Hub, real_clock: FixedClock, port: int) -> None:
    around = surroundings_of(hub)
    assert (around.now(), around.public_url) == (real_clock.at, f"http://127.0.0.1:{port}")


# Out: the hub sends, the bank takes or does not.


def send(adapter: Adapter, message: Message, bank: Bank) -> Receipt:
    """One attempt, as the hub makes it: alone, or in a batch that has the same name each time."""
    if isinstance(adapter, Batching):
        return adapter.deliver_batch(Batch(day="20261121", number=int(message.id, 16) + 1, messages=[message]), bank)
    return adapter.deliver(message, bank)


def test_a_simulated_bank_counts_attempts_and_has_a_message_once() -> None:
    bank = SimulatedBank()
    bank.answers.extend([TryAgain("busy"), RefusedForGood("no")])
    there = Bank(code=ICBC, name_zh="行", name_en="B", adapter="simulated", settings={}, rules=BankRules())
    errors: list[Any] = []
    for _ in range(4):
        try:
            bank.deliver(message(), there)
        except DeliveryError as error:
            errors.append(type(error))
    assert (errors, len(bank.attempts), len(set(bank.attempts))) == ([TryAgain, RefusedForGood], 4, 1)
    assert list(bank.taken.values()) == [message()]


@pytest.mark.parametrize("kind", list(MessageKind))
def test_each_kind_of_message_may_come_twice_and_is_there_once(
    far: FarBank, bank: Bank, adapter: Adapter, kind: MessageKind
) -> None:
    receipts = [send(adapter, message(kind), bank) for _ in range(2)]
    assert all(isinstance(receipt, Receipt) for receipt in receipts)
    [taken] = far.wrote("took", kind=kind)
    assert taken["id"] == message(kind).id
    assert {line["digest"] for line in far.wrote("came")} == {taken["digest"]}


def broken_ways() -> list[Any]:
    return [
        pytest.param(Does.FAIL, "fail", id="a 5xx"),
        pytest.param(Does.REFUSE, "refuse", id="a 4xx"),
        pytest.param(Does.HTML, "html", id="a page"),
        pytest.param(Does.ENDLESS, "endless", id="an endless answer"),
        pytest.param(Does.CUT, "cut", id="a cut connection"),
        pytest.param(Does.TAKE, f"slow={3 * CALL_S}", id="too late"),
    ]


@pytest.mark.parametrize(("does", "behaviour"), broken_ways())
def test_what_the_bank_does_not_properly_take_has_not_arrived(
    far: FarBank, bank: Bank, adapter: Adapter, does: Does, behaviour: str
) -> None:
    if does not in far.far_side.does or (does is Does.TAKE and "url" not in adapter.required):
        pytest.skip("its wire cannot show that")
    far.behave("silent", behaviour)
    if does is Does.HTML and adapter.kind in TAKES_ANY_PAGE:
        assert isinstance(send(adapter, message(), bank), Receipt)
        return
    tracemalloc.start()
    try:
        with pytest.raises(DeliveryError) as failure:
            send(adapter, message(), bank)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(failure.value, TryAgain) or does is Does.REFUSE
    assert 0 < len(failure.value.detail) < 300
    # However much the bank answers, no more than a few times the cap of one answer is held.
    assert most < 4 * 2**20
    far.behave("silent")
    assert isinstance(send(adapter, message(), bank), Receipt)
    assert len(far.wrote("took")) == 1


def test_nobody_there_means_try_again(far: FarBank, bank: Bank, adapter: Adapter) -> None:
    far.far_side.stop()
    with pytest.raises(TryAgain):
        send(adapter, message(), bank)


def test_every_attempt_has_one_id_and_one_content_and_its_own_stamp(
    far: FarBank, bank: Bank, adapter: Adapter, calls: RecordedHttp, real_clock: FixedClock
) -> None:
    if Does.FAIL not in far.far_side.does:
        pytest.skip("its wire cannot show a failure")
    far.behave("silent", "fail=2")
    for _ in range(3):
        try:
            send(adapter, message(), bank)
        except TryAgain:
            # Later than any stamp of the attempt before could still be good: what comes is freshly stamped and signed.
            real_clock.at += timedelta(days=8)
    came = far.wrote("came")
    assert [len(came), len({line["id"] for line in came}), len({line["digest"] for line in came})] == [3, 1, 1]
    assert len(far.wrote("took")) == 1
    if calls.sent:
        assert len({(body, tuple(headers.items())) for _, body, headers in calls.sent}) == 3
