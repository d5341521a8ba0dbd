"""Calls that come twice: one effect, one answer, whatever the network did to the first."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain
from hub.services.first_answers import FINISHED_WITHIN
from hub.wiring import Hub
from storage import communications
from tests.applications import ICBC, application, person, terms
from tests.conftest import AddCaller, SentMessages, Submit
from tests.web.caller import Caller, made


def stored(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return len(list(communications.iterate_negotiations(tx)))


def test_the_same_call_again_gives_the_first_answer(hub: Hub, host_app: Caller) -> None:
    body = application()
    first, second = (host_app.post("/applications", body, key="k") for _ in range(2))
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert stored(hub) == 1


def test_the_first_answer_holds_when_the_same_body_would_be_refused_today(host_app: Caller, clock: FixedClock) -> None:
    body = application()
    first = host_app.post("/applications", body, key="k")
    # By then its first due date is past.
    clock.at += timedelta(days=60)
    assert host_app.post("/applications", body, key="k").data == first.data


@pytest.mark.parametrize("path", ["/applications", "/launches"])
def test_another_call_under_the_same_key_is_422(hub: Hub, host_app: Caller, path: str) -> None:
    host_app.post("/applications", application(), key="k")
    answer = host_app.post(path, application(), key="k")
    told = answer.get_json()
    assert answer.status_code == 422
    if path == "/applications":
        assert told["code"] == "idempotency_key_reused"
    assert stored(hub) == 1


def test_equal_json_is_the_same_body(hub: Hub, host_app: Caller) -> None:
    body = application()
    first = host_app.post("/applications", body, key="k")
    turned = json.dumps(dict(reversed(body.items())), indent=2, ensure_ascii=True)
    second = host_app.post("/applications", data=turned, content_type="application/json", key="k")
    assert (second.status_code, second.headers["Idempotency-Replayed"]) == (201, "true")
    assert second.data == first.data
    assert stored(hub) == 1


def test_two_clients_may_use_the_same_key(hub: Hub, host_app: Caller, caller: AddCaller) -> None:
    made(host_app.post("/applications", application(), key="k"))
    made(caller("other", "applications:write").post("/applications", application(), key="k"))
    assert stored(hub) == 2


def test_an_application_needs_a_key(hub: Hub, host_app: Caller) -> None:
    answer = host_app.post("/applications", application(), key=None)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_required")
    assert stored(hub) == 0


@pytest.mark.parametrize("key", ["x" * 65, "a b", "\x7f", "é"])
def test_a_key_is_one_to_sixty_four_visible_characters(host_app: Caller, key: str) -> None:
    answer = host_app.post("/applications", application(), headers={"Idempotency-Key": key}, key=None)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_form")
    assert host_app.post("/applications", application(), key="x" * 64).status_code == 201


def test_other_calls_do_without_a_key(host_app: Caller) -> None:
    assert host_app.post("/quotes", terms(), key=None).status_code == 200


def test_a_refusal_is_not_kept(host_app: Caller) -> None:
    assert host_app.post("/applications", {}, key="k").status_code == 422
    assert host_app.post("/applications", application(), key="k").status_code == 201


def test_twenty_calls_at_once_have_one_effect(app: Flask, hub: Hub, host_app: Caller) -> None:
    body = json.dumps(application(ICBC, applicant=person(5)))
    start = Barrier(20)

    def post(_: int) -> tuple[int, str, bytes]:
        one = Caller(app.test_client(), host_app.token, host_app.client)
        start.wait()
        answer = one.post("/applications", key="k", data=body, content_type="application/json")
        return answer.status_code, answer.headers.get("Idempotency-Replayed", ""), answer.data

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))
    counted = Counter((status, replayed) for status, replayed, _ in answers)
    assert counted[201, ""] == 1
    assert set(counted) <= {(201, ""), (201, "true"), (409, "")}
    assert len({data for status, _, data in answers if status == 201}) == 1
    assert stored(hub) == 1
    assert host_app.post("/applications", key="k", data=body, content_type="application/json").status_code == 201


def test_twenty_applications_of_one_person_at_once_open_one_negotiation(app: Flask, hub: Hub, host_app: Caller) -> None:
    body = application(ICBC, applicant=person(6))
    start = Barrier(20)

    def post(_: int) -> int:
        one = Caller(app.test_client(), host_app.token, host_app.client)
        start.wait()
        return one.post("/applications", body).status_code

    with ThreadPoolExecutor(20) as pool:
        counted = Counter(pool.map(post, range(20)))
    assert counted == {201: 1, 409: 19}
    assert stored(hub) == 1


def test_a_code_that_could_not_be_sent_leaves_the_key_as_good_as_new(
    hub: Hub, host_app: Caller, submitted: Submit, sms: SentMessages, offered: str
) -> None:
    class Silent:
        def send(self, *, to: str, text: str) -> None:
            raise TryAgain("no gateway")

    hub._sms = Silent()
    hub.__dict__.pop("sms", None)
    failed = host_app.post(f"{offered}/confirmation-codes", key="k")
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "2")
    hub.__dict__["sms"] = sms
    again = host_app.post(f"{offered}/confirmation-codes", key="k")
    assert again.status_code == 202
    assert "Idempotency-Replayed" not in again.headers
    assert len(sms.sent) == 1
    assert host_app.post(f"{offered}/confirmation-codes", key="k").headers["Idempotency-Replayed"] == "true"
    assert len(sms.sent) == 1


def test_a_process_that_dies_before_it_sent_the_code_leaves_no_answer_that_says_it_did(
    hub: Hub, host_app: Caller, sms: SentMessages, offered: str, clock: FixedClock
) -> None:
    class Died(BaseException):
        pass

    class Dying:
        def send(self, *, to: str, text: str) -> None:
            raise Died

    hub.__dict__["sms"] = Dying()
    with pytest.raises(Died):
        host_app.post(f"{offered}/confirmation-codes", key="k")
    hub.__dict__["sms"] = sms
    # Another process may be sending it at this very moment.
    assert host_app.post(f"{offered}/confirmation-codes", key="k").status_code == 409
    clock.at += FINISHED_WITHIN
    again = host_app.post(f"{offered}/confirmation-codes", key="k")
    assert (again.status_code, len(sms.sent)) == (202, 1)
    assert "Idempotency-Replayed" not in again.headers
    replayed = host_app.post(f"{offered}/confirmation-codes", key="k")
    assert (replayed.status_code, replayed.data) == (202, again.data)
    assert (replayed.headers["Idempotency-Replayed"], len(sms.sent)) == ("true", 1)
