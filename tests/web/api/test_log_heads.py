"""The heads of the log as the API gives them: whole, in pages, and signed with the keys that are named beside them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient

from hub.documents import verify
from hub.domain.log_heads import Head
from hub.services.log_heads import signing
from hub.wiring import Hub
from tests.conftest import Submit
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


@pytest.fixture
def three_heads(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> None:
    assert signing.sign_all(hub) == 1
    submitted()
    assert signing.sign_all(hub) == 1
    work_off()
    assert signing.sign_all(hub) == 1


@pytest.mark.usefixtures("three_heads")
def test_heads_are_given_whole_and_hold_under_the_keys_beside_them(host_app: Caller) -> None:
    told = made(host_app.get("/log-heads"), 200)
    heads = [Head.parse(each) for each in told["items"]]
    assert [each.number for each in heads] == [1, 2, 3]
    assert heads[1].previous == heads[0].digest
    keys = {each["key_id"]: each["public_key"] for each in told["keys"]}
    for head in heads:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[head.key_id]))
        key.verify(bytes.fromhex(head.signature), head.signed_bytes)


@pytest.mark.usefixtures("three_heads")
def test_who_has_some_asks_for_those_behind(host_app: Caller) -> None:
    def numbers(answer: dict[str, object]) -> list[int]:
        return [each["number"] for each in answer["items"]]  # type: ignore[attr-defined]

    assert numbers(made(host_app.get("/log-heads?after=1"), 200)) == [2, 3]
    assert numbers(made(host_app.get("/log-heads?after=3"), 200)) == []
    first = made(host_app.get("/log-heads?after=1&limit=1"), 200)
    rest = made(host_app.get("/log-heads", query_string={"limit": 1, "cursor": first["next_cursor"]}), 200)
    assert (numbers(first), numbers(rest), rest["next_cursor"]) == ([2], [3], None)


@pytest.mark.usefixtures("three_heads")
def test_whoever_asks_behind_the_last_each_time_misses_none_and_is_given_none_twice(host_app: Caller) -> None:
    numbers: list[int] = []
    while items := made(host_app.get(f"/log-heads?limit=2&after={numbers[-1] if numbers else 0}"), 200)["items"]:
        numbers += [each["number"] for each in items]
    assert numbers == [1, 2, 3]


@pytest.mark.usefixtures("three_heads")
def test_a_bank_sees_the_same_and_a_stranger_none(icbc: Caller, host_app: Caller, web: FlaskClient) -> None:
    mine, theirs = (made(each.get("/log-heads"), 200) for each in (host_app, icbc))
    assert mine == theirs
    assert set(mine) == {"items", "next_cursor", "keys"}
    assert {key for each in mine["items"] for key in each} == {
        *("number", "at", "entries", "root", "previous", "key_id", "signature")
    }
    answer = web.get("/api/v1/log-heads?after=0")
    assert (answer.status_code, "root" in answer.get_data(as_text=True)) == (401, False)


def test_before_the_first_head_the_list_is_empty(host_app: Caller) -> None:
    assert made(host_app.get("/log-heads"), 200)["items"] == []


@pytest.mark.parametrize("after", ["-1", "x", "1.0", ""])
def test_what_is_no_number_is_refused(host_app: Caller, after: str) -> None:
    assert faults_of(host_app.get(f"/log-heads?after={after}")) == {("/after", "out_of_range")}


def test_a_record_is_proven_under_the_head_that_was_kept(
    host_app: Caller, hub: Hub, submitted: Submit, work_off: Callable[[], int], tmp_path: Path
) -> None:
    sent = submitted(client=host_app.client)
    work_off()
    heads = []
    for _ in range(3):
        # Others go on: the second head is neither the newest nor the first over this negotiation.
        signing.sign_all(hub)
        heads.append(made(host_app.get("/log-heads"), 200)["items"][-1])
        submitted()
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(heads[1]))
    for query, status in (("", 1), ("?head=2", 0)):
        answer = host_app.get(f"/negotiations/{sent.negotiation}/record.zip{query}")
        assert answer.status_code == 200
        (tmp_path / "record.zip").write_bytes(answer.data)
        assert verify.main([str(tmp_path / "record.zip"), "--head", str(kept)]) == status


@pytest.mark.parametrize("head", ["0", "-1", "x", ""])
def test_a_record_for_what_is_no_heads_number_is_refused(host_app: Caller, submitted: Submit, head: str) -> None:
    address = f"/negotiations/{submitted(client=host_app.client).negotiation}/record.zip?head={head}"
    assert faults_of(host_app.get(address)) == {("/head", "out_of_range")}
