"""The adapter of signed JSON: what a bank's answer means, how far its clock may be off, and how its key changes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from hub.banks.adapters.webhook import Webhook
from hub.banks.port import Answer, Incoming
from hub.banks.standard_webhooks import TOLERANCE, new_secret, secrets_of, signed_headers
from hub.domain.bank import Bank, BankRules
from hub.domain.errors import CallRefused, RefusedForGood, TryAgain
from tests.applications import CMB
from tests.banks.unionpay_far import MESSAGE
from tests.conftest import START

OLD, NEW = new_secret(), new_secret()


@dataclass
class Wire:
    """What is called answers as it was told, and keeps what came."""

    status: int = 200
    sent: list[dict[str, str]] = field(default_factory=list)
    public_url: str = "https://hub.example"

    @property
    def http(self) -> Wire:
        return self

    def now(self) -> datetime:
        return START

    def check_url(self, url: str) -> str:
        return url

    def post(self, _url: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.sent.append({**headers, "body": body.decode()})
        return Answer(status=self.status)


def bank(secret: str = OLD) -> Bank:
    settings = {"url": "https://bank.example/hub", "secret": secret}
    return Bank(code=CMB, name_zh="行", name_en="B", adapter="webhook", settings=settings, rules=BankRules())


def said(secret: str, *, off_by: timedelta = timedelta(0)) -> Incoming:
    """An event of the bank, whose machine's clock is off by so much."""
    body = json.dumps({"type": "acknowledged", "negotiation": "1" * 32, "data": {}}).encode()
    headers = signed_headers("e1", START + off_by, body, secrets_of(secret))
    return Incoming(headers={name.lower(): value for name, value in headers.items()}, body=body)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def adapter(wire: Wire) -> Webhook:
    return Webhook(wire)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [301, 400, 404, 408, 429, 500, 502, 503, 504])
def test_whatever_is_no_yes_is_tried_again_and_names_the_status(adapter: Webhook, wire: Wire, status: int) -> None:
    wire.status = status
    with pytest.raises(TryAgain, match=str(status)):
        adapter.deliver(MESSAGE, bank())


def test_gone_is_for_good(adapter: Webhook, wire: Wire) -> None:
    wire.status = 410
    with pytest.raises(RefusedForGood):
        adapter.deliver(MESSAGE, bank())


@pytest.mark.parametrize(
    ("off_by", "code"),
    [
        (-2 * TOLERANCE, "stamp_old"),
        (-TOLERANCE - timedelta(seconds=1), "stamp_old"),
        (-TOLERANCE, None),
        (timedelta(0), None),
        (TOLERANCE, None),
        (TOLERANCE + timedelta(seconds=1), "stamp_ahead"),
        (2 * TOLERANCE, "stamp_ahead"),
    ],
)
def test_a_banks_clock_may_be_off_by_five_minutes_and_no_more(
    adapter: Webhook, off_by: timedelta, code: str | None
) -> None:
    if code is None:
        assert adapter.read(said(OLD, off_by=off_by), bank()).id == "e1"
        return
    with pytest.raises(CallRefused) as refusal:
        adapter.read(said(OLD, off_by=off_by), bank())
    assert refusal.value.code == code


def test_while_a_banks_key_changes_both_count_and_afterwards_the_new_one_alone(adapter: Webhook, wire: Wire) -> None:
    both, after = bank(f"{NEW} {OLD}"), bank(NEW)
    adapter.deliver(MESSAGE, both)
    assert len(wire.sent[0]["webhook-signature"].split()) == 2
    for secret in (OLD, NEW):
        assert adapter.read(said(secret), both).id == "e1"
    assert adapter.read(said(NEW), after).id == "e1"
    with pytest.raises(CallRefused) as refusal:
        adapter.read(said(OLD), after)
    assert refusal.value.code == "signature_wrong"
