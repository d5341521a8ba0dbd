"""The text message gateway: what it is asked, how the hub signs in, and what counts as taken."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from base64 import b64encode
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from hub import health
from hub.banks.outgoing import OutgoingHttp, Reach
from hub.domain.errors import TryAgain, Unusable
from hub.findings import Part, State
from hub.mail.sms import NotTaken, SmsGateway
from hub.settings import Settings
from hub.wiring import Hub
from tests.banks.test_outgoing import OK, listening

MOBILE, WORDS = "13800138000", "123456 是您的验证码"


def way_out(host: str, answer_s: float = 30.0) -> OutgoingHttp:
    return OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset({host})), answer_s=answer_s)


def answered(head: bytes) -> bytes:
    return b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("user", "sent"),
    [("", None), ("hub:a%2Fb%40c@", b"hub:a/b@c"), ("key@", b"key:"), ("%E9%80%9A:%E7%9F%A5@", "通:知".encode())],
)
def test_a_message_is_posted_as_json_with_the_name_and_password_of_the_url(user: str, sent: bytes | None) -> None:
    with listening(lambda each: each.sendall(OK)) as (port, asked):
        SmsGateway(f"http://{user}127.0.0.1:{port}/send?a=1", way_out).send(to=MOBILE, text=WORDS)
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /send?a=1 HTTP/1.1\r\n")
    assert json.loads(body) == {"to": MOBILE, "text": WORDS}
    fields = {line.partition(b": ")[0].lower(): line.partition(b": ")[2] for line in head.splitlines()[1:]}
    assert fields[b"content-type"] == b"application/json"
    assert fields[b"host"] == f"127.0.0.1:{port}".encode()
    assert fields.get(b"authorization") == (None if sent is None else b"Basic " + b64encode(sent))


@pytest.mark.parametrize(
    "answer",
    [
        answered(b"302 Found\r\nLocation: http://127.0.0.1/"),
        answered(b"401 Unauthorized"),
        answered(b"500 Oops"),
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
    ],
    ids=["redirect", "401", "500", "another protocol", "nothing", "cut"],
)
def test_what_is_no_plain_yes_is_to_be_tried_again_and_names_no_person(answer: bytes) -> None:
    with listening(lambda each: each.sendall(answer)) as (port, asked), pytest.raises(TryAgain) as refusal:
        SmsGateway(f"http://hub:word@127.0.0.1:{port}/", way_out).send(to=MOBILE, text=WORDS)
    assert len(asked) == 1
    assert not any(each in refusal.value.detail for each in (MOBILE, WORDS, "word"))


def test_a_gateway_that_answers_byte_by_byte_holds_nobody_for_long() -> None:
    def trickle(each: socket.socket) -> None:
        each.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            each.sendall(b".")
            threading.Event().wait(0.05)

    with listening(trickle) as (port, _), pytest.raises(TryAgain, match="in time"):
        SmsGateway(f"http://127.0.0.1:{port}/", partial(way_out, answer_s=0.5)).send(to=MOBILE, text=WORDS)


def test_the_gateway_may_be_at_a_private_address_since_the_operator_named_it(settings: Settings) -> None:
    hub = Hub(settings)
    object.__setattr__(hub.settings, "sms_url", "http://hub:word@10.1.2.3/send")
    try:
        assert isinstance(hub.sms, SmsGateway)
        assert hub.sms._http._reach.address_of("10.1.2.3") == "10.1.2.3"  # type: ignore[attr-defined]
    finally:
        hub.close()


@pytest.mark.parametrize("url", ["http:///send", "http://host:99999/", "http://a b/"])
def test_a_url_that_is_none_is_said_at_once(url: str) -> None:
    with pytest.raises(Unusable, match="HUB_SMS_URL"):
        SmsGateway(url, way_out)


@pytest.mark.parametrize(
    ("status", "is_this_one"), [(400, True), (422, True), (404, False), (429, False), (503, False)]
)
def test_a_message_that_is_refused_is_told_from_a_gateway_that_takes_nothing(status: int, is_this_one: bool) -> None:
    answer = answered(f"{status} No".encode())
    with listening(lambda each: each.sendall(answer)) as (port, _), pytest.raises(TryAgain) as refusal:
        SmsGateway(f"http://127.0.0.1:{port}/", way_out).send(to=MOBILE, text=WORDS)
    assert isinstance(refusal.value, NotTaken) is is_this_one


def test_each_message_bears_the_name_that_the_operator_set(settings: Settings) -> None:
    hub = Hub(replace(settings, sms_signature="协商服务"))
    try:
        hub.sms.send(to=MOBILE, text=WORDS)
    finally:
        hub.close()
    [kept] = (settings.home / "sms").glob("*.json")
    assert json.loads(kept.read_text()) == {"to": MOBILE, "text": f"【协商服务】{WORDS}"}


def gateway_of(settings: Settings, url: str) -> tuple[State, str]:
    hub = Hub(replace(settings, sms_url=url))
    try:
        found = health.look(hub, Part.SMS)
    finally:
        hub.close()
    return found.state, found.detail


def test_the_doctor_reaches_for_the_gateway_and_sends_nothing(
    settings: Settings, certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate
    with listening(lambda _: None, context) as (port, asked):
        url = f"https://key:secret@127.0.0.1:{port}/send"
        assert gateway_of(settings, url)[0] == State.WRONG
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert gateway_of(settings, url)[0] == State.FINE
    state, detail = gateway_of(settings, url)
    assert (state, "cannot be reached" in detail, "secret" in detail) == (State.WRONG, True, False)
    assert not any(asked)
