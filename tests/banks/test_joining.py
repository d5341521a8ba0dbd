"""`docs/joining.md` is true: its Python runs without the hub, its samples bear its signatures, its words hold."""

from __future__ import annotations

import json
import re
import sys
import tomllib
import types
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from hub.banks import catalogue
from hub.banks.adapters.sftp.files import MOST_DATA_BYTES, MOST_LINES, lines_in, read_control
from hub.banks.adapters.unionpay import EVENT_TYPES, SUB_TYPES
from hub.banks.adapters.webhook import Webhook
from hub.banks.catalogue import Catalogue
from hub.banks.outgoing import MOST_BYTES
from hub.banks.pairs import envelope
from hub.banks.pairs.signers import SignMethod, verifier_of
from hub.banks.port import ANSWER_S, Incoming, Receipt
from hub.banks.simulator.conduct import behaviours
from hub.banks.simulator.http_side import HttpSide, Reply
from hub.commands.simulating import _CODES
from hub.demo import people
from hub.domain.bank import Bank, BankRules
from hub.domain.bank_event import EventType
from hub.domain.china import china_day
from hub.domain.delivery import WAITS, MessageKind
from hub.domain.errors import TryAgain
from hub.domain.labels import REJECTION_REASONS
from hub.domain.terms import FIELDS_BY_KIND, REQUIRED_OF_EVERY_KIND, Method
from hub.settings import Settings
from hub.web.problem_sentences import DETAILS
from hub.wiring import Hub
from schemas.bank_events import load_event
from tests.applications import ICBC
from tests.banks.joined import message, served
from tests.conftest import SECRET, AddClient, SentMessages
from tests.storage.postgres_server import free_port
from tests.web.caller import Caller, made
from tests.web.conftest import delivered, icbc, offered

__all__ = ["delivered", "icbc", "offered"]  # fixtures

DOCUMENT = (Path(__file__).parents[2] / "docs" / "joining.md").read_text(encoding="utf-8")
NEGOTIATION = "01a2012f11dd7078884db878e0af8b8f"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)\n```", DOCUMENT, re.DOTALL)


def program(beginning: str) -> dict[str, Any]:
    """What the one block of Python that contains `beginning` defines."""
    [found] = [block for block in blocks("python") if beginning in block]
    assert "hub" not in found
    namespace: dict[str, Any] = {}
    exec(compile(found, "joining.md", "exec"), namespace)
    return namespace


def http_sample(first_line: str) -> tuple[dict[str, str], bytes]:
    """The headers, by lower-case names, and the body of the one sample request that begins like that."""
    [found] = [block for block in blocks("http") if block.startswith(first_line)]
    head, _, body = found.partition("\n\n")
    return dict(line.split(": ", 1) for line in head.lower().splitlines()[1:]) | _exact(head), body.encode()


def _exact(head: str) -> dict[str, str]:
    pairs = (line.split(": ", 1) for line in head.splitlines()[1:])
    return {name.lower(): value for name, value in pairs}


@pytest.fixture
def secret() -> str:
    found = set(re.findall(r"whsec_[A-Za-z0-9+/]{20,}=*", DOCUMENT))
    assert len(found) == 1
    only: str = found.pop()
    return only


@pytest.mark.parametrize("first_line", ["POST /negotiations", "POST /adapters/01020000/events"])
def test_the_samples_of_webhook_bear_their_signatures(secret: str, first_line: str) -> None:
    verifying = program("def is_ours")
    headers, body = http_sample(first_line)
    stamp = int(headers["webhook-timestamp"])
    assert verifying["is_ours"](secret, headers, body, stamp)
    assert verifying["is_ours"](secret, headers, body, stamp + 299)
    for changed in (
        (headers, body + b" ", stamp),
        (headers, body, stamp + 301),
        (headers, body, stamp - 301),
        ({**headers, "webhook-id": "another"}, body, stamp),
        ({**headers, "webhook-signature": ""}, body, stamp),
        ({}, body, stamp),
    ):
        assert not verifying["is_ours"](secret, *changed)


def test_what_the_sample_signs_the_hub_believes(secret: str, plain_hub: Hub) -> None:
    headers, body = http_sample("POST /adapters/01020000/events")
    adapter = plain_hub.adapters.adapter("webhook")
    assert isinstance(adapter, Webhook)
    bank = Bank(
        code="01020000", name_zh="行", name_en="B", adapter="webhook", settings={"secret": secret}, rules=BankRules()
    )
    plain_hub.real_clock = _StandingClock(datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC))
    said = adapter.read(Incoming(headers=headers, body=body), bank)
    loaded, faults = load_event(json.loads(said.content), today=date(2026, 11, 22))
    assert faults == []
    assert loaded is not None
    assert (loaded.type, loaded.negotiation) == (EventType.ACKNOWLEDGED, NEGOTIATION)


class _StandingClock:
    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


@pytest.fixture
def plain_hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(
        Settings(
            home=tmp_path, database_url=f"sqlite:///{tmp_path}/no.db", evidence_url="file:///no", secret_keys=SECRET
        )
    )
    yield hub
    hub.close()


def unionpay_sample() -> tuple[str, str]:
    """The order as it is sent, and the public key."""
    order, key = [block for block in blocks("text") if block.startswith(("version=5.1.0", "-----BEGIN PUBLIC"))]
    return order, key


def test_the_sample_order_of_unionpay_bears_its_signature() -> None:
    order, key = unionpay_sample()
    is_signed = program("def canonical")["is_signed"]
    assert is_signed(key, order)
    assert not is_signed(key, order.replace("txnAmt=1908200", "txnAmt=1908201"))
    assert not is_signed(key, order + "&reserved=1")
    assert not is_signed(key, order + "&txnAmt=1")
    pairs = envelope.parse(order.encode())
    envelope.require_signed(pairs, [verifier_of(SignMethod.RSA, key.encode())])
    assert json.loads(envelope.content_of(pairs))["text"] == "不需要了"
    assert program("def canonical")["canonical"](pairs).encode() == envelope.canonical(pairs)


def test_what_is_laid_out_as_the_document_says_is_read(tmp_path: Path) -> None:
    event = json.loads(next(block for block in blocks("json") if block.startswith('{"event"')))
    program("def lay_out")["lay_out"](tmp_path, "RSP_1", [event, {**event, "event": "2"}])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["RSP_1.ctl", "RSP_1.jsonl"]
    control = read_control((tmp_path / "RSP_1.ctl").read_bytes(), data_name="RSP_1.jsonl")
    data = (tmp_path / "RSP_1.jsonl").read_bytes()
    assert (control.lines, len(list(lines_in(data)))) == (2, 2)
    assert set(control.files) == {"RSP_1.jsonl"}


def test_the_sample_data_of_each_event_is_taken() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \|(?: `[\w.]+` \|)? `(\{.*?\})`[,;| ]", DOCUMENT, re.MULTILINE)
    assert {name for name, _ in rows} == set(EventType)
    # What is too long for a row stands in a block of its own.
    begins = {EventType.OFFERED: '{"terms"', EventType.INSTALMENT_QUOTED: '{"as_of"'}
    for name, data in rows:
        long = [block for block in blocks("json") if name in begins and block.startswith(begins[EventType(name)])]
        [sample] = long or [data.replace("…", "因为")]
        told = json.loads(sample)
        about = "request" if EventType(name).is_of_request else "negotiation"
        named = {} if name == EventType.BILL_TOLD else {about: NEGOTIATION}
        loaded, faults = load_event({"type": name, "data": told, **named}, today=date(2026, 11, 22))
        assert (faults, loaded is not None) == ([], True)


def test_every_sample_of_json_is_json() -> None:
    for block in blocks("json"):
        assert isinstance(json.loads(block), dict)


def test_the_numbers_of_the_document_are_those_of_the_code() -> None:
    assert f"Answer within {ANSWER_S} seconds and {MOST_BYTES // 1024} KiB" in DOCUMENT
    assert (MOST_LINES, MOST_DATA_BYTES) == (1000, 16 * 2**20)
    assert WAITS[2:] == (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
    assert BankRules().give_up_after == timedelta(days=3)
    for kind in MessageKind:
        assert f"`{kind}`" in DOCUMENT
    for number in (*SUB_TYPES.values(), *EVENT_TYPES):
        assert f"`{number}`" in DOCUMENT


def test_the_kinds_of_terms_and_reasons_of_the_document_are_those_of_the_code() -> None:
    table = re.split(r"by\s+kind,\s+and\s+take", DOCUMENT)[1]
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|([^|]*)\|([^|]*)\|$", table, re.MULTILINE)
    told = {kind: (_names(required), _names(optional)) for kinds, required, optional in rows for kind in _names(kinds)}
    assert told == {kind.value: (set(fields.required), set(fields.optional)) for kind, fields in FIELDS_BY_KIND.items()}
    assert all(f"`{name}`" in DOCUMENT for name in (*REJECTION_REASONS, *Method, *REQUIRED_OF_EVERY_KIND))


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", cell))


def test_the_sample_fault_is_the_one_that_is_told() -> None:
    terms = json.loads(next(block for block in blocks("json") if block.startswith('{"terms"')))
    terms["terms"]["instalments"] = 61
    _, faults = load_event({"type": "offered", "negotiation": "n", "data": terms}, today=date(2026, 11, 22))
    [fault] = faults
    assert (
        f"`{fault.under('/data').pointer if fault.pointer.startswith('/terms') else fault.pointer}: {fault.code}`"
        in DOCUMENT
    )


def test_no_bank_is_added_twice_by_the_lines_of_the_document() -> None:
    added = re.findall(r"bank add --code (\d{8})", DOCUMENT)
    assert not set(added) & {*_CODES.values(), people.ICBC, people.CMB, people.CITIC}
    assert len(added) == len(set(added))


def test_the_program_that_says_how_an_agreement_goes_runs(
    app: Flask, hub: Hub, add_client: AddClient, host_app: Caller, offered: str, icbc: Caller, sms: SentMessages
) -> None:
    host_app.post(f"{offered}/confirmation-codes")
    made(host_app.post(f"{offered}/accept", {"confirmation_code": sms.sent[-1][1][:6]}), 200)
    negotiation = offered.split("/")[2]
    client, secret = add_client("joined", "negotiations:review", bank_code=ICBC)
    row = made(icbc.get(f"/bank/negotiations/{negotiation}"), 200)
    assert row["negotiation"] == negotiation
    port = free_port()
    with served(app, port):
        api = program("class BankApi")["BankApi"](f"http://127.0.0.1:{port}", client.id, secret)
        today = china_day(hub.clock.now()).isoformat()
        one = {"number": 1, "paid_on": today, "amount_fen": 100}
        first, again = (api.agreement(negotiation, "payments", key="k1", **one) for _ in range(2))
    assert first == again
    assert first["payments"][0]["number"] == 1


def test_the_behaviours_and_codes_that_it_names_are_there() -> None:
    [told] = re.findall(r"`--behaviour` also names(.*?)`hub", DOCUMENT, re.DOTALL)
    named = re.findall(r"`([a-z-]+)(?:=\d)?`", told)
    assert len(named) > 8
    assert all(f"  {name}" in behaviours() for name in named)
    for code in ("signature_missing", "signature_wrong", "stamp_form", "stamp_old", "stamp_ahead"):
        assert code in DETAILS
        assert f"`{code}`" in DOCUMENT


def test_an_adapter_of_another_package_is_found_by_its_entry_point(
    monkeypatch: pytest.MonkeyPatch, plain_hub: Hub
) -> None:
    [source] = [block for block in blocks("python") if "class Pigeon" in block]
    [declared] = [tomllib.loads(block)["project"]["entry-points"] for block in blocks("toml")]
    [(name, value)] = declared[catalogue.GROUP].items()
    module = types.ModuleType("hub_pigeon")
    exec(compile(source, "hub_pigeon.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "hub_pigeon", module)
    monkeypatch.setattr(
        "importlib.metadata.EntryPoints.select",
        lambda self, **wanted: [EntryPoint(name=name, value=value, group=wanted["group"])],
    )
    found = Catalogue(surroundings=plain_hub.adapters.surroundings)
    assert {"pigeon", "webhook"} <= set(found.kinds)
    answers = iter([200, 503])
    side = HttpSide(0, lambda _: Reply(status=next(answers)))
    try:
        found.check_settings("pigeon", {"url": f"http://127.0.0.1:{side.port}/"})
        bank = Bank(
            code="01020000",
            name_zh="行",
            name_en="B",
            adapter="pigeon",
            settings={"url": f"http://127.0.0.1:{side.port}/"},
            rules=BankRules(),
        )
        assert isinstance(found.of(bank).deliver(message(), bank), Receipt)
        with pytest.raises(TryAgain, match="503"):
            found.of(bank).deliver(message(), bank)
    finally:
        side.close()
