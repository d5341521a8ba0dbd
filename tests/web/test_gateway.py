"""The gateway: an application as signed pairs, its answer as signed pairs, and nothing done for anybody unknown."""

import base64
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.banks.pairs.envelope import stamp
from hub.banks.pairs.signers import SignMethod
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.accounts import clients
from hub.services.applications import gateway
from hub.services.transaction import HubTransaction
from hub.web.api.applications import submit_loaded
from hub.wiring import Hub
from schemas.application import load_application
from storage.records import ApplicationRecord, ClientRecord, GatewayOrderRecord, SigningKeyRecord
from tests.applications import ICBC, application, person
from tests.conftest import START, AddCaller, Submit
from tests.web.caller import Caller, made
from tests.web.merchant import PATH, AddMerchant, Pairs, add_merchant, content_of, new_order, signed

__all__ = ["add_merchant"]


def count(hub: Hub, kind: type[Any]) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(kind).count()


@pytest.mark.parametrize("method", list(SignMethod))
def test_an_order_makes_an_application_once_and_a_query_shows_it(
    method: SignMethod, hub: Hub, add_merchant: AddMerchant, work_off: Callable[[], int]
) -> None:
    merchant = add_merchant(method=method)
    order, body = new_order(), application(ICBC)
    status, code, shown = merchant.ask(order, body)
    assert (status, code) == (200, "00")
    assert {name: merchant.last[name] for name in ("txnType", "txnSubType", "merId", "orderId", "version")} == {
        "txnType": "90",
        "txnSubType": "01",
        "merId": merchant.mer_id,
        "orderId": order,
        "version": "5.1.0",
    }
    assert shown["applicant"]["name"] == "王*明"
    assert [each["status"] for each in shown["negotiations"]] == ["screening"]
    # Stamped and signed again, it is the same order.
    assert merchant.ask(order, body)[2]["id"] == shown["id"]
    assert (count(hub, ApplicationRecord), count(hub, GatewayOrderRecord)) == (1, 1)
    work_off()
    status, code, now = merchant.ask(order)
    assert (status, code, now["id"]) == (200, "00", shown["id"])
    assert [each["status"] for each in now["negotiations"]] == ["awaiting_bank"]


def test_the_same_application_by_api_is_shown_alike(
    hub: Hub, add_merchant: AddMerchant, caller: AddCaller, app: Flask
) -> None:
    merchant = add_merchant()
    by_api = made(caller("host app", "applications:write").post("/applications", application(ICBC)))
    by_gateway = merchant.ask(new_order(), application(ICBC))[2]
    assert set(by_gateway) == set(by_api)
    assert set(by_gateway["negotiations"][0]) == set(by_api["negotiations"][0])


def test_evidence_is_uploaded_by_api_beforehand(hub: Hub, add_merchant: AddMerchant, app: Flask) -> None:
    merchant = add_merchant()
    with hub.writing(HUB) as tx:
        client = clients.find(tx, merchant.client_id)
        assert client is not None
        token = clients.grant_token(tx, client, ["applications:write"], at=hub.real_clock.now())
    file = made(Caller(app.test_client(), token, client).upload())
    body = application(ICBC, evidence=[{"id": file["id"], "kind": "payslip"}])
    assert merchant.ask(new_order(), body)[:2] == (200, "00")


def test_what_is_wrong_is_told_with_its_place_and_code(add_merchant: AddMerchant, submitted: Submit, hub: Hub) -> None:
    merchant = add_merchant()
    there = submitted(ICBC, applicant=person(900))
    order = new_order()
    applications = count(hub, ApplicationRecord)
    bad = application(ICBC, colour="red", evidence=[{"id": there.evidence[0], "kind": "payslip"}])
    bad["accounts"][0]["card_number"] = "6222100000000008"
    status, code, problem = merchant.ask(order, bad)
    assert (status, code, problem["code"]) == (422, "10", "invalid_input")
    faults = {(each["pointer"], each["code"]) for each in problem["errors"]}
    # Another client's file is as unknown as one that never was.
    assert {
        ("/colour", "unknown_field"),
        ("/accounts/0/card_number", "luhn"),
        ("/evidence/0/id", "evidence_unknown"),
    } <= (faults)
    assert all(each["message"] for each in problem["errors"])
    status, code, problem = merchant.ask(order, application(ICBC, applicant=person(900)))
    assert (status, code, problem["code"]) == (422, "10", "negotiation_already_open")
    assert "reference" not in problem
    broken = base64.b64encode(b'{"a": 1, "a": 2}').decode()
    status, code, problem = merchant.ask(order, {}, reqReserved=broken)
    assert (status, code, problem["code"]) == (422, "10", "json_duplicate_key")
    assert count(hub, ApplicationRecord) == applications
    # Nothing came of the order, so it can be mended.
    assert merchant.ask(order, application(ICBC))[:2] == (200, "00")


def test_a_used_order_takes_no_other_body_and_an_unknown_one_is_unknown(add_merchant: AddMerchant, hub: Hub) -> None:
    merchant, other = add_merchant(), add_merchant("898110048160001", SignMethod.SM2)
    order = new_order()
    assert merchant.ask(order, application(ICBC))[:2] == (200, "00")
    for body in (application(ICBC), {}):
        status, code, problem = merchant.ask(order, body)
        assert (status, code, problem["code"]) == (422, "12", "order_id_reused")
    assert merchant.ask(new_order())[:2] == (404, "34")
    # An order is the merchant's own: another's of the same number is another one.
    assert other.ask(order)[:2] == (404, "34")
    assert other.ask(order, application(ICBC))[:2] == (200, "00")
    assert count(hub, ApplicationRecord) == 2


def test_an_order_told_again_in_another_spelling_is_the_same_order(add_merchant: AddMerchant, hub: Hub) -> None:
    merchant, order, body = add_merchant(), new_order(), application(ICBC)
    shown = merchant.ask(order, body)[2]
    spelt = json.dumps(dict(reversed(body.items())), indent=1).encode()
    again = merchant.ask(order, body, reqReserved=base64.b64encode(spelt).decode())
    assert (*again[:2], again[2]["id"]) == (200, "00", shown["id"])
    other = base64.b64encode(json.dumps({**body, "channel": "branch"}).encode()).decode()
    assert merchant.ask(order, body, reqReserved=other)[:2] == (422, "12")
    assert count(hub, ApplicationRecord) == 1


def test_pairs_of_no_use_are_refused_by_name(add_merchant: AddMerchant, clock: FixedClock) -> None:
    merchant = add_merchant()
    week = timedelta(days=7, seconds=1)
    wrong: list[tuple[Pairs, str, str]] = [
        ({"txnSubType": "11"}, "/txnSubType", "unknown_choice"),
        ({"txnType": "01"}, "/txnType", "pair_fixed"),
        ({"orderId": "short"}, "/orderId", "order_id_form"),
        ({"reqReserved": "%"}, "/reqReserved", "base64_form"),
        ({"reqReserved": ""}, "/reqReserved", "required"),
        ({"frontUrl": "x"}, "/frontUrl", "unknown_field"),
        ({"txnTime": "yesterday"}, "/txnTime", "stamp_form"),
        ({"txnTime": stamp(clock.now() - week)}, "/txnTime", "stamp_old"),
        ({"txnTime": stamp(clock.now() + timedelta(minutes=10, seconds=1))}, "/txnTime", "stamp_ahead"),
    ]
    for changes, pointer, fault in wrong:
        status, code, problem = merchant.ask(new_order(), application(ICBC), **changes)
        assert (status, code) == (422, "10"), changes
        assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [(pointer, fault)]


def test_nothing_is_done_for_anybody_who_is_not_certain(hub: Hub, add_merchant: AddMerchant) -> None:
    merchant, other = add_merchant(), add_merchant("898110048160001", SignMethod.SM2)
    right = merchant.pairs(new_order(), application(ICBC))

    def signed_as(**changes: str) -> Pairs:
        return signed({**right, **changes}, merchant.method)

    uncertain: list[tuple[Pairs, str]] = [
        ({name: right[name] for name in right if name != "signature"}, "signature_missing"),
        ({name: right[name] for name in right if name != "merId"}, "merchant_unknown"),
        (signed_as(merId="nobody"), "merchant_unknown"),
        (signed_as(merId="no\0body"), "merchant_unknown"),
        (signed_as(merId="x" * 10_000), "merchant_unknown"),
        # Signed with the key of one, in the name of another.
        (signed_as(merId=other.mer_id), "sign_method_other"),
        (signed({**right, "merId": other.mer_id, "signMethod": "12"}, SignMethod.RSA), "signature_wrong"),
        (signed({**right, "signMethod": "12"}, SignMethod.SM2), "sign_method_other"),
        (signed_as(signMethod="11"), "sign_method_other"),
        (signed_as(version="5.0.0"), "version_other"),
        (signed_as(encoding="GBK"), "encoding_other"),
        (signed_as(certId="A 1"), "cert_id_form"),
        ({**right, "frontUrl": "x"}, "signature_wrong"),
        *(
            ({**right, name: ("1" if right[name][0] == "2" else "2") + right[name][1:]}, "signature_wrong")
            for name in ("orderId", "txnTime", "reqReserved")
        ),
    ]
    for pairs, code in uncertain:
        answer = merchant.send(pairs)
        assert (answer.status_code, content_of(merchant.last)["code"]) == (401, code)
        assert merchant.last["respCode"] not in {"", "00"}
        assert merchant.last["signature"]
    assert count(hub, ApplicationRecord) == 0


def test_a_client_that_was_disabled_is_unknown_at_once(hub: Hub, add_merchant: AddMerchant, clock: FixedClock) -> None:
    merchant = add_merchant()
    with hub.writing(HUB) as tx:
        tx.session.get_one(ClientRecord, merchant.client_id).disabled_at = clock.now()
    merchant.send(merchant.pairs(new_order(), application(ICBC)))
    assert content_of(merchant.last)["code"] == "merchant_unknown"


def test_a_form_that_cannot_be_read_is_400(add_merchant: AddMerchant, web: FlaskClient) -> None:
    merchant = add_merchant()
    right = urlencode(merchant.pairs(new_order(), application(ICBC))).encode()
    for body, code in [
        (right + b"&merId=" + merchant.mer_id.encode(), "pair_twice"),
        (right + b"&a=1%26b=2", "pair_ampersand"),
        (right + b"&", "pairs_form"),
        (b"", "pairs_form"),
        (right.replace(b"UTF-8", b"%ff"), "pairs_encoding"),
    ]:
        answer = merchant.send(body)
        assert (answer.status_code, content_of(merchant.last)["code"]) == (400, code)
        assert merchant.is_the_hubs(merchant.last)
    answer = web.post(PATH, data=right, content_type="application/json")
    assert answer.status_code == 400
    assert web.post(PATH, data=right, content_type="application/x-www-form-urlencoded; charset=gbk").status_code == 400
    assert web.get(PATH).status_code == 405
    too_long = web.post(PATH, data=b"a=" + b"1" * (2 * 2**20), content_type="application/x-www-form-urlencoded")
    assert too_long.status_code == 413


def test_an_application_of_a_mebibyte_has_room(add_merchant: AddMerchant) -> None:
    merchant = add_merchant()
    status, code, problem = merchant.ask(new_order(), application(ICBC, note="长" * 340_000))
    assert (status, code, problem["errors"][0]["code"]) == (422, "10", "unknown_field")


def test_words_come_in_the_language_that_is_asked_for(add_merchant: AddMerchant) -> None:
    merchant = add_merchant()
    merchant.send(merchant.pairs(new_order(), {}))
    assert merchant.last["respMsg"] == "有内容需要更正"
    merchant.send(merchant.pairs(new_order(), {}), **{"Accept-Language": "en"})
    assert content_of(merchant.last)["errors"][0]["message"] == "Please fill this in."


def test_strangers_make_the_hub_make_no_key(hub: Hub, web: FlaskClient) -> None:
    body = urlencode({"version": "5.1.0", "merId": "nobody", "signMethod": "01", "signature": "x"})
    answer = web.post(PATH, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 401
    assert "signature" not in dict(parse_qsl(answer.get_data(as_text=True)))
    assert count(hub, SigningKeyRecord) == 0


def test_the_hubs_key_stays_and_stands_sealed(hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        keys = {method: gateway.own_key(tx, method) for method in SignMethod}
    with hub.writing(HUB) as tx:
        assert {method: gateway.own_key(tx, method) for method in SignMethod} == keys
        for key in keys.values():
            record = tx.session.get_one(SigningKeyRecord, key.cert_id)
            assert key.cert_id.isdigit()
            assert b"PRIVATE" not in record.private_key_sealed
            assert "private_key" not in repr(key)
    assert count(hub, SigningKeyRecord) == 2


def test_of_the_same_order_in_ten_threads_one_application_comes(
    hub: Hub, add_merchant: AddMerchant, app: Flask
) -> None:
    merchant = add_merchant()
    bodies = [urlencode(merchant.pairs("A" * 32, body)).encode() for body in [application(ICBC)] * 10]
    gate = Barrier(10)

    def send(body: bytes) -> tuple[int, str]:
        web = app.test_client()
        gate.wait(20)
        answer = web.post(PATH, data=body, content_type="application/x-www-form-urlencoded")
        told = dict(parse_qsl(answer.get_data(as_text=True)))
        return answer.status_code, content_of(told)["id"]

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, bodies))
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert (count(hub, ApplicationRecord), count(hub, GatewayOrderRecord)) == (1, 1)


def test_an_order_waits_for_the_same_one_before_it_makes_anything(hub: Hub, add_merchant: AddMerchant) -> None:
    merchant = add_merchant()
    order = gateway.Order(
        mer_id=merchant.mer_id, client_id=merchant.client_id, order_id="B" * 32, digest="0" * 64, content=b""
    )
    loaded = load_application(application(ICBC), now=hub.clock.now())
    under_way, second_makes = Event(), Event()

    def first(tx: HubTransaction) -> str:
        under_way.set()
        # As long as the second would take to come here too, if it did not wait.
        second_makes.wait(1)
        return submit_loaded(tx, loaded, client_id=merchant.client_id)

    def second(tx: HubTransaction) -> str:
        second_makes.set()
        return submit_loaded(tx, loaded, client_id=merchant.client_id)

    def take(submit: Callable[[HubTransaction], str]) -> str:
        with hub.writing(order.actor) as tx:
            return gateway.take(tx, order, submit)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(take, first)
        assert under_way.wait(20)
        other = pool.submit(take, second)
        assert one.result() == other.result()
    assert not second_makes.is_set()


def test_nothing_of_a_person_is_written_into_the_log(
    add_merchant: AddMerchant, caplog: pytest.LogCaptureFixture
) -> None:
    merchant = add_merchant()
    body = application(ICBC)
    with caplog.at_level(logging.DEBUG):
        merchant.ask(new_order(), body)
        merchant.ask(new_order(), body)
        merchant.ask(new_order(), {**body, "colour": "王小明"})
    [*lines] = [record.getMessage() for record in caplog.records if record.name == "hub.web"]
    assert len(lines) == 3
    assert all(json.loads(line)["client"] == merchant.client_id for line in lines)
    written = "\n".join([*lines, *(str(record.args) for record in caplog.records if record.name.startswith("hub"))])
    for personal in ("王小明", body["applicant"]["mobile"], body["applicant"]["id_number"], "xm@example.com"):
        assert personal not in written


def test_the_hubs_clock_moves_no_stamp(hub: Hub, add_merchant: AddMerchant, clock: FixedClock) -> None:
    merchant = add_merchant()
    hub.real_clock = FixedClock(START)
    merchant.now = lambda: stamp(START)
    clock.at = START + timedelta(days=30)
    assert merchant.ask(new_order())[:2] == (404, "34")
