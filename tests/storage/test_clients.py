"""Clients, tokens, launches and first answers: what they are good for, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import clients
from storage.clients import FirstAnswer
from tests.conftest import AddClient

REAL_NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ANSWER = FirstAnswer(fingerprint="f" * 64, status=201, location="/api/v1/x", body={"name": "王小明"})


@pytest.fixture
def client(add_client: AddClient) -> Client:
    """A host app."""
    return add_client("a host app", "applications:write", "applications:read")[0]


def test_a_secret_is_right_for_its_client_alone(hub: Hub, add_client: AddClient) -> None:
    (first, secret), (second, other) = add_client("one", "x"), add_client("two", "x")
    with hub.reading(HUB) as tx:
        assert clients.secret_is_right(tx, first.id, secret)
        assert clients.secret_is_right(tx, second.id, other)
        for wrong in (other, "", secret + "x"):
            assert not clients.secret_is_right(tx, first.id, wrong)
        assert not clients.secret_is_right(tx, "nobody", secret)


def test_a_token_lasts_an_hour_of_real_time_with_the_scopes_it_was_given(
    hub: Hub, clock: FixedClock, client: Client
) -> None:
    with hub.writing(HUB) as tx:
        token = clients.add_token(tx, client, ["applications:read"], at=REAL_NOW)
    clock.at += timedelta(days=3)
    with hub.reading(HUB) as tx:
        found = clients.find_by_token(tx, token, at=REAL_NOW + timedelta(minutes=59, seconds=59))
        assert found is not None
        assert (found.id, found.scopes) == (client.id, frozenset({"applications:read"}))
        assert clients.find_by_token(tx, token, at=REAL_NOW + timedelta(hours=1)) is None
        assert clients.find_by_token(tx, token + "x", at=REAL_NOW) is None


def test_a_launch_signs_one_person_in_once_within_its_time(hub: Hub, clock: FixedClock, client: Client) -> None:
    person = {"name": "王小明"}
    with hub.writing(HUB) as tx:
        code, ends = clients.add_launch(tx, client.id, person, life=timedelta(minutes=5))
        late, _ = clients.add_launch(tx, client.id, person, life=timedelta(minutes=5))
    assert ends == clock.at + timedelta(minutes=5)
    clock.at += timedelta(minutes=4, seconds=59)
    with hub.writing(HUB) as tx:
        assert clients.use_launch(tx, code) == (client.id, person)
        assert clients.use_launch(tx, code) is None
    clock.at += timedelta(seconds=1)
    with hub.writing(HUB) as tx:
        assert clients.use_launch(tx, late) is None
        assert clients.use_launch(tx, "no such code") is None


def test_a_first_answer_is_the_clients_own_and_can_be_forgotten(
    hub: Hub, client: Client, add_client: AddClient
) -> None:
    other, _ = add_client("another", "x")
    with hub.writing(HUB) as tx:
        clients.keep_first_answer(tx, client.id, "key", ANSWER)
    with hub.writing(HUB) as tx:
        assert clients.find_first_answer(tx, client.id, "key") == replace(ANSWER, at=tx.now)
        assert clients.find_first_answer(tx, other.id, "key") is None
        assert clients.find_first_answer(tx, client.id, "another key") is None
        # What another client does under the same key touches nothing of it.
        clients.set_first_status(tx, other.id, "key", 500)
        clients.forget_first_answer(tx, other.id, "key")
        assert clients.find_first_answer(tx, client.id, "key") == replace(ANSWER, at=tx.now)
        clients.set_first_status(tx, client.id, "key", 202)
        assert clients.find_first_answer(tx, client.id, "key") == replace(ANSWER, status=202, at=tx.now)
        clients.forget_first_answer(tx, client.id, "key")
        assert clients.find_first_answer(tx, client.id, "key") is None


def test_a_key_is_held_by_one_transaction_at_a_time(hub: Hub, client: Client) -> None:
    if hub.database.on_sqlite:
        pytest.skip("on SQLite one writer at a time is all there is")
    with hub.writing(HUB) as first, hub.writing(HUB) as second:
        assert clients.hold_and_find(first, client.id, "key") == (True, None)
        assert clients.hold_and_find(second, client.id, "key") == (False, None)
        assert clients.hold_and_find(second, client.id, "another key") == (True, None)
    with hub.writing(HUB) as tx:
        assert clients.hold_and_find(tx, client.id, "key") == (True, None)


def test_clients_are_listed_by_name_and_found_by_it(hub: Hub, add_client: AddClient) -> None:
    add_client("乙", "x")
    added, _ = add_client("a", "x")
    with hub.reading(HUB) as tx:
        assert [each.name for each in clients.list_clients(tx)] == ["a", "乙"]
        assert clients.find_client_named(tx, "a") == added
        assert clients.find_client_named(tx, "b") is None
