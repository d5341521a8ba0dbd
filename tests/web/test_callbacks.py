"""What a bank of signed pairs says at `/adapters/{bank_code}/notify`: applied once, or refused and kept."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient

from hub.banks.pairs.envelope import stamp
from hub.banks.pairs.signers import SignMethod, new_keys
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.reading.operator.refusals import list_refused
from hub.wiring import Hub
from storage.records import BankRecord, NegotiationRecord
from tests.applications import CMB, ICBC, terms
from tests.banks.unionpay_far import signed, text_of
from tests.conftest import Submit, Submitted

HUBS, ICBCS, CMBS = (new_keys(SignMethod.RSA) for _ in range(3))
FORM = "application/x-www-form-urlencoded"
Told = tuple[int, str]


@pytest.fixture
def here(hub: Hub, submitted: Submit, clock: FixedClock, tmp_path: Path, work_off: Callable[[], int]) -> Submitted:
    """An application to two banks of signed pairs, whose systems are not to be reached; so it is being delivered."""
    hub.real_clock = clock
    for name, content in [("hub", HUBS[0]), (ICBC, ICBCS[1]), (CMB, CMBS[1])]:
        (tmp_path / name).write_bytes(content)
    there = submitted(ICBC, CMB)
    with hub.writing(HUB) as tx:
        for code in (ICBC, CMB):
            bank = tx.session.get_one(BankRecord, code)
            bank.adapter = "unionpay"
            bank.settings = {
                "url": "http://127.0.0.1:9/",
                # The same number at both banks: it is each bank's own business.
                "mer_id": "777290058110048",
                "cert_id": "1",
                "our_private_key": str(tmp_path / "hub"),
                "bank_public_key": str(tmp_path / code),
            }
    work_off()
    return there


class BankSystem:
    """A bank that says things at the hub's door, and sees to the signature of what it is told."""

    def __init__(self, web: FlaskClient, clock: FixedClock, code: str, private: bytes) -> None:
        self.web, self.clock, self.code, self.private = web, clock, code, private

    def say(self, sub_type: str, order_id: str, negotiation: str, data: Any = None, **changes: str) -> Told:
        content = json.dumps({"negotiation": negotiation, "data": data or {}}, ensure_ascii=False).encode()
        pairs = {
            "version": "5.1.0",
            "encoding": "UTF-8",
            "signMethod": "01",
            "certId": "7",
            "txnType": "90",
            "txnSubType": sub_type,
            "bizType": "000000",
            "channelType": "08",
            "accessType": "2",
            "merId": "777290058110048",
            "orderId": order_id,
            "txnTime": stamp(self.clock.now()),
            "reqReserved": base64.b64encode(content).decode(),
            **changes,
        }
        body = urlencode(signed(pairs, self.private))
        answer = self.web.post(f"/adapters/{self.code}/notify", data=body, content_type=FORM)
        told = dict(parse_qsl(answer.get_data(as_text=True), strict_parsing=True))
        assert signed(told, HUBS[0])["signature"] == told["signature"]
        assert text_of(told).decode().count("txnSubType") == 1
        assert told["orderId"] == order_id
        return answer.status_code, told["respCode"]


@pytest.fixture
def icbc(web: FlaskClient, clock: FixedClock) -> BankSystem:
    return BankSystem(web, clock, ICBC, ICBCS[0])


def status_of(hub: Hub, negotiation: str) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, negotiation).status


def refusals(hub: Hub) -> list[tuple[str, str | None]]:
    with hub.reading(HUB) as tx:
        return [(each.code, each.event_id) for each in list_refused(tx)]


def test_a_notice_is_applied_once_and_answered_with_our_signature(
    hub: Hub, here: Submitted, icbc: BankSystem, clock: FixedClock
) -> None:
    mine = here.negotiations[ICBC]
    assert status_of(hub, mine) == "delivering"
    # Whoever speaks of it has it.
    assert icbc.say("11", "EVENT0000001", mine) == (200, "00")
    assert status_of(hub, mine) == "in_review"
    clock.at += timedelta(seconds=61)
    assert icbc.say("11", "EVENT0000001", mine) == (200, "00")
    assert icbc.say("13", "EVENT0000002", mine, {"terms": terms()}) == (200, "00")
    assert status_of(hub, mine) == "offered"
    assert icbc.say("13", "EVENT0000002", mine, {"terms": terms()}) == (200, "00")
    # Late, it moves nothing backwards.
    assert icbc.say("11", "EVENT0000003", mine)[1] in {"00", "02"}
    assert status_of(hub, mine) == "offered"
    assert status_of(hub, here.negotiations[CMB]) == "delivering"


def test_a_notice_that_cannot_be_applied_says_why_and_is_kept(
    hub: Hub, here: Submitted, icbc: BankSystem, clock: FixedClock
) -> None:
    mine, another_banks = here.negotiations[ICBC], here.negotiations[CMB]
    assert icbc.say("15", "EVENT0000001", mine, {"text": "您好"}) == (200, "00")
    assert icbc.say("15", "EVENT0000001", mine, {"text": "再见"}) == (409, "12")
    assert icbc.say("15", "EVENT0000002", another_banks, {"text": "您好"}) == (404, "34")
    assert icbc.say("15", "EVENT0000003", "0" * 32, {"text": "您好"}) == (404, "34")
    assert icbc.say("15", "EVENT0000004", mine, {"words": "您好"}) == (422, "10")
    assert icbc.say("14", "EVENT0000005", mine, {"reason_code": "other", "text": "不行"}) == (200, "00")
    assert icbc.say("13", "EVENT0000006", mine, {"terms": terms()}) == (409, "02")
    week = timedelta(days=7, seconds=1)
    assert icbc.say("15", "EVENT0000007", mine, {"text": "您好"}, txnTime=stamp(clock.now() - week)) == (401, "10")
    icbc.private = CMBS[0]
    assert icbc.say("15", "EVENT0000008", mine, {"text": "您好"}) == (401, "01")
    icbc.private, icbc.code = ICBCS[0], CMB
    assert icbc.say("15", "EVENT0000009", another_banks, {"text": "您好"}) == (401, "01")
    assert set(refusals(hub)) == {
        ("event_id_reused", "EVENT0000001"),
        ("not_found", "EVENT0000002"),
        ("not_found", "EVENT0000003"),
        ("invalid_input", "EVENT0000004"),
        ("status_conflict", "EVENT0000006"),
        ("stamp_old", None),
        ("signature_wrong", None),
    }
    assert status_of(hub, another_banks) == "delivering"


def test_what_is_no_notice_is_refused_and_answered_in_the_same_form(web: FlaskClient, here: Submitted) -> None:
    for path, status in [
        (f"/adapters/{ICBC}/notify", 400),
        (f"/adapters/{ICBC}/events", 404),
        ("/adapters/1/notify", 404),
    ]:
        assert web.post(path, data=b"\xff", content_type=FORM).status_code == status
    answer = web.post(f"/adapters/{ICBC}/notify", data=b"a=1&a=2", content_type=FORM)
    told = dict(parse_qsl(answer.get_data(as_text=True), strict_parsing=True))
    assert told["respCode"] == "10"
    assert signed(told, HUBS[0])["signature"] == told["signature"]
