"""Clients that are stopped or renewed: what of theirs opens nothing any more, and what does a while longer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.banks.pairs.signers import SignMethod, new_keys
from hub.domain.actor import HUB
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.domain.errors import InvalidValue, Unusable
from hub.services.accounts import client_accounts
from hub.services.accounts.client_accounts import MerchantWanted
from hub.services.accounts.clients import TOKEN_KNOWN_FOR
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import drafts, merchants
from tests.applications import person
from tests.conftest import AddClient
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import launched

Grants = Callable[[Client, str], int]
MER_ID = "777290058110048"


@pytest.fixture
def grants(web: FlaskClient) -> Grants:
    """Asks for a token with that secret; gives the status of the answer."""

    def ask(client: Client, secret: str) -> int:
        answer = web.post("/oauth/token", auth=(client.id, secret), data={"grant_type": "client_credentials"})
        return answer.status_code

    return ask


def stop(hub: Hub, name: str) -> None:
    with hub.writing(HUB) as tx:
        client_accounts.disable(tx, name)
    forget_tokens(hub)


def forget_tokens(hub: Hub) -> None:
    """As long later as a process remembers a token."""
    hub.real_clock = FixedClock(hub.real_clock.now() + TOKEN_KNOWN_FOR)


def test_a_disabled_client_its_tokens_launches_and_sessions_open_nothing(
    hub: Hub, app: Flask, host_app: Caller
) -> None:
    body = {name: value for name, value in person().items() if name != "email"}
    url = made(host_app.post("/launches", {**body, "cards": []}))["url"]
    reader = launched(app, host_app)
    assert (host_app.get("/negotiations").status_code, reader.open("/my/").address) == (200, "/my/")
    stop(hub, "host app")
    assert host_app.get("/negotiations").status_code == 401
    assert reader.open("/my/").address.startswith("/sign-in/")
    assert app.test_client().get(url[url.index("/launch") :]).status_code == 410


def test_a_disabled_client_is_given_no_token_and_comes_back_with_a_new_secret_alone(
    hub: Hub, add_client: AddClient, grants: Grants
) -> None:
    client, secret = add_client("an app", "applications:write")
    assert grants(client, secret) == 200
    stop(hub, "an app")
    assert grants(client, secret) == 401
    with hub.writing(HUB) as tx:
        _, newer = client_accounts.enable(tx, "an app")
    assert (grants(client, secret), grants(client, newer)) == (401, 200)


def test_a_renewed_secret_is_good_beside_the_old_one_for_a_while(
    hub: Hub, add_client: AddClient, grants: Grants, clock: FixedClock
) -> None:
    client, first = add_client("an app", "applications:write")
    with hub.writing(HUB) as tx:
        _, second = client_accounts.renew(tx, "an app", overlap=timedelta(hours=24))
    assert (grants(client, first), grants(client, second)) == (200, 200)
    clock.at += timedelta(hours=24)
    assert (grants(client, first), grants(client, second)) == (401, 200)


def test_of_two_renewals_the_last_alone_overlaps(hub: Hub, add_client: AddClient, grants: Grants) -> None:
    client, first = add_client("an app", "applications:write")
    with hub.writing(HUB) as tx:
        _, second = client_accounts.renew(tx, "an app", overlap=timedelta(hours=24))
        _, third = client_accounts.renew(tx, "an app", overlap=timedelta(hours=24))
    assert [grants(client, each) for each in (first, second, third)] == [401, 200, 200]


def test_a_renewal_without_an_overlap_ends_the_old_secret_and_its_tokens(hub: Hub, host_app: Caller) -> None:
    assert host_app.get("/negotiations").status_code == 200
    with hub.writing(HUB) as tx:
        client_accounts.renew(tx, "host app", overlap=timedelta())
    forget_tokens(hub)
    assert host_app.get("/negotiations").status_code == 401


def test_a_merchant_is_given_another_key_that_has_to_be_one(hub: Hub, add_client: AddClient) -> None:
    client, _ = add_client("a merchant", "applications:write")
    first, second = (new_keys(SignMethod.RSA)[1] for _ in range(2))
    with hub.writing(HUB) as tx:
        client_accounts.add_merchant(tx, client, MerchantWanted(mer_id=MER_ID, public_key=first))
        client_accounts.set_public_key(tx, "a merchant", second, method=None)
    with pytest.raises(InvalidValue), hub.writing(HUB) as tx:
        client_accounts.set_public_key(tx, "a merchant", b"no key", method=None)
    with hub.reading(HUB) as tx:
        merchant = merchants.find_merchant(tx, MER_ID)
    assert merchant is not None
    assert (merchant.public_key, merchant.sign_method) == (second.decode(), "01")


def disable(tx: HubTransaction, name: str) -> None:
    client_accounts.disable(tx, name)


def enable(tx: HubTransaction, name: str) -> None:
    client_accounts.enable(tx, name)


def renew(tx: HubTransaction, name: str) -> None:
    client_accounts.renew(tx, name, overlap=timedelta())


def give_key(tx: HubTransaction, name: str) -> None:
    client_accounts.set_public_key(tx, name, b"", method=None)


@pytest.mark.parametrize(
    ("deed", "name", "words"),
    [
        (disable, "nobody", "hub client list"),
        (disable, "hub web form", "hub client list"),
        (disable, "stopped", "already"),
        (enable, "running", "hub client renew"),
        (renew, "stopped", "hub client enable"),
        (give_key, "running", "--mer-id"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(
    hub: Hub, add_client: AddClient, deed: Callable[[HubTransaction, str], None], name: str, words: str
) -> None:
    for each in ("running", "stopped"):
        add_client(each, "applications:write")
    with hub.writing(HUB) as tx:
        drafts.ensure_form_client(tx)
        client_accounts.disable(tx, "stopped")
    with pytest.raises(Unusable, match=words), hub.writing(HUB) as tx:
        deed(tx, name)
