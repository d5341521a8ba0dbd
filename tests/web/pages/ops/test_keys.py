"""Which keys there are, at the operator's pages, and never a key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.services.accounts import client_accounts
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from storage import sealing_keys
from tests.applications import ICBC
from tests.web.pages.operator import Operator


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


def test_keys_are_named_with_their_times_and_no_key_is_shown(operator: Operator, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        # As a start of the hub does.
        sealing_keys.note(tx.session, hub.keyring, tx.now)
        client_accounts.add(tx, name="还款助手", scopes=["applications:write"], bank_code=None)
        _, secret = client_accounts.renew(tx, "还款助手", overlap=timedelta(hours=24))
        bank_deeds.change(tx, ICBC, {"sign_on_secret": "s3cr3t-of-the-bank"})
    page = operator.read("/ops/keys")
    for said in (next(iter(hub.keyring.check_values())), "正在使用", "还款助手", "旧密钥到", "sign_on_secret"):
        assert said in page
    for hidden in (secret, "s3cr3t-of-the-bank", *(each.hex() for each in hub.keyring.check_values().values())):
        assert hidden not in page
