"""What every adapter keeps, whatever its system: the port's promises, asked of each kind alike."""

from collections.abc import Mapping
from typing import Any

import pytest

from hub.banks.catalogue import Catalogue
from hub.banks.port import Adapter, Message, MessageKind, Receipt
from hub.domain.bank import READERS, Bank, BankRules
from hub.domain.errors import DeliveryError, InvalidValue, RefusedForGood, TryAgain, Unusable
from tests.banks.simulated import SimulatedBank

CATALOGUE = Catalogue()
ADAPTERS: list[Adapter] = [*(CATALOGUE.adapter(kind) for kind in CATALOGUE.kinds), SimulatedBank()]
MESSAGE = Message(id="0" * 32, kind=MessageKind.SUBMITTED, negotiation="1" * 32, body=b'{"a":1}')


def a_bank(adapter: Adapter, **settings: str) -> Bank:
    return Bank(
        code="01020000",
        name_zh="中国工商银行",
        name_en="ICBC",
        adapter=adapter.kind,
        settings=settings,
        rules=BankRules(),
    )


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.kind)
def test_an_adapter_names_its_kind_and_a_reader_for_each_setting_of_its_own(adapter: Adapter) -> None:
    assert adapter.kind.isidentifier()
    assert isinstance(adapter.settings, Mapping)
    assert not set(adapter.settings) & set(READERS)
    assert all(callable(reader) for reader in adapter.settings.values())
    assert adapter.in_house in (True, False)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.kind)
@pytest.mark.parametrize("kind", list(MessageKind))
def test_the_same_message_may_come_twice(adapter: Adapter, kind: MessageKind) -> None:
    message = Message(id=f"{kind:0>32}", kind=kind, negotiation="1" * 32, body=b"{}")
    if adapter.settings:
        pytest.skip("needs a far side, and is asked the same in its own tests")
    receipts = [adapter.deliver(message, a_bank(adapter)) for _ in range(2)]
    assert all(isinstance(receipt, Receipt) for receipt in receipts)


def test_a_simulated_bank_counts_attempts_and_has_a_message_once() -> None:
    bank = SimulatedBank()
    bank.answers.extend([TryAgain("busy"), RefusedForGood("no")])
    errors: list[Any] = []
    for _ in range(4):
        try:
            bank.deliver(MESSAGE, a_bank(bank))
        except DeliveryError as error:
            errors.append(type(error))
    assert (errors, len(bank.attempts), len(set(bank.attempts))) == ([TryAgain, RefusedForGood], 4, 1)
    assert list(bank.taken.values()) == [MESSAGE]


def test_the_catalogue_names_the_kinds_there_are() -> None:
    assert "portal" in CATALOGUE.kinds
    with pytest.raises(Unusable, match="portal"):
        CATALOGUE.adapter("carrier-pigeon")


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
def test_a_banks_settings_are_checked_by_name(settings: dict[str, str], code: str | None) -> None:
    if code is None:
        CATALOGUE.check_settings("portal", settings)
        return
    with pytest.raises(InvalidValue) as refusal:
        CATALOGUE.check_settings("portal", settings)
    assert (refusal.value.code, refusal.value.params["key"]) == (code, next(iter(settings)))
