"""A bank never loses its last administrator, not even where two take each other away at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.staff import Role
from hub.services.accounts import bank_staff, staff
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.staff import email_of, list_of_bank
from tests.applications import ICBC
from tests.services.desk import Desk
from tests.services.test_races import at_once

Deed = Callable[[HubTransaction, Staff, Staff], None]


def _remove(tx: HubTransaction, by: Staff, whom: Staff) -> None:
    bank_staff.remove(tx, whom.id, bank_code=ICBC, by=by)


def _lower(tx: HubTransaction, by: Staff, whom: Staff) -> None:
    bank_staff.change_role(tx, whom.id, "auditor", bank_code=ICBC, by=by)


@pytest.mark.parametrize("first", [_remove, _lower])
@pytest.mark.parametrize("second", [_remove, _lower])
def test_one_of_two_who_take_each_other_away_at_once_stays(
    hub: Hub, banks: dict[str, Bank], first: Deed, second: Deed
) -> None:
    desk = Desk(hub=hub)
    for turn in range(5):
        ids = [desk.person(f"{name}{turn}", Role.BANK_ADMIN) for name in "ab"]
        with hub.reading(HUB) as tx:
            one, other = (staff.get_of_bank(tx, each, bank_code=ICBC) for each in ids)

        def act(deed: Deed, by: Staff, whom: Staff) -> None:
            with hub.writing(by.actor) as tx:
                deed(tx, by, whom)

        found = at_once(partial(act, first, one, other), partial(act, second, other, one))
        assert sorted(found) == ["Refused", "done"]
        with hub.writing(HUB) as tx:
            [stayed] = [each for each in list_of_bank(tx, ICBC) if each.active and each.role == Role.BANK_ADMIN]
            staff.remove(tx, email_of(tx, stayed))
