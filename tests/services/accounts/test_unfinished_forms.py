"""Forms that were left before they were sent, as the database keeps them: one a person and address, and sealed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.accounts import unfinished_forms
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.unfinished_forms import HELD_FOR, KEPT_FOR, MOST_KEPT
from hub.services.operating import sweeps
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.records import UnfinishedFormRecord

MOBILE, OTHER = "13800138000", "13900139000"
HERE = "/apply/reason"


def holder_of(tx: HubTransaction, mobile: str = MOBILE) -> Cardholder:
    return Cardholder(key="k", mobile=mobile, mobile_indexes=tuple(tx.keyring.indexes(mobile, purpose="mobile")))


def keep(hub: Hub, text: str, address: str = HERE) -> None:
    with hub.writing(HUB) as tx:
        unfinished_forms.keep(tx, holder_of(tx), address, {"text": [text]})


def found(hub: Hub, mobile: str = MOBILE, client_id: str | None = None) -> str | None:
    with hub.reading(HUB) as tx:
        form = unfinished_forms.find(tx, replace(holder_of(tx, mobile), client_id=client_id), HERE)
    return None if form is None else form.values["text"][0]


def count(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(UnfinishedFormRecord).count()


def test_the_last_one_is_kept_for_one_person_and_one_way_in(hub: Hub) -> None:
    keep(hub, "first")
    keep(hub, "second")
    keep(hub, "elsewhere", "/apply/money")
    assert (found(hub), count(hub)) == ("second", 2)
    assert found(hub, OTHER) is None
    # What was typed in one host app is not shown through another.
    assert found(hub, client_id="app") is None
    with hub.reading(HUB) as tx:
        assert not any(b"second" in each.values_sealed for each in tx.session.query(UnfinishedFormRecord))


def test_of_more_forms_than_anybody_fills_in_the_oldest_are_gone(hub: Hub, clock: FixedClock) -> None:
    with hub.writing(HUB) as tx:
        unfinished_forms.keep(tx, holder_of(tx, OTHER), HERE, {"text": ["another's"]})
    for number in range(MOST_KEPT + 3):
        keep(hub, "x", f"/my/offers/{number}")
        clock.at += timedelta(seconds=1)
    assert count(hub) == MOST_KEPT + 1
    with hub.reading(HUB) as tx:
        left = {each.address for each in unfinished_forms.list_below(tx, holder_of(tx), "/my/")}
    assert left == {f"/my/offers/{number}" for number in range(3, MOST_KEPT + 3)}
    assert found(hub, OTHER) == "another's"


def test_what_lies_below_an_address_is_found_and_forgotten_together(hub: Hub) -> None:
    for address in (HERE, "/apply/money", "/apply_x", "/my/negotiations/1/message"):
        keep(hub, address, address)
    with hub.writing(HUB) as tx:
        person = holder_of(tx)
        below = unfinished_forms.list_below(tx, person, "/apply/")
        assert sorted(each.address for each in below) == ["/apply/money", HERE]
        assert unfinished_forms.list_below(tx, person, "/apply%") == []
        unfinished_forms.forget_below(tx, person, "/apply/")
        assert len(unfinished_forms.list_below(tx, person, "/")) == 2


def test_two_windows_that_begin_at_once_leave_one_form(hub: Hub) -> None:
    with ThreadPoolExecutor(4) as windows:
        list(windows.map(lambda text: keep(hub, text), "abcd"))
    assert count(hub) == 1
    assert found(hub) in set("abcd")


@pytest.mark.parametrize(("after", "is_there"), [(KEPT_FOR - timedelta(seconds=1), True), (KEPT_FOR, False)])
def test_a_form_is_kept_for_thirty_days(hub: Hub, clock: FixedClock, after: timedelta, is_there: bool) -> None:
    keep(hub, "x")
    clock.at += after
    assert (found(hub) is not None) is is_there
    sweeps.forget_old(hub, real_now=hub.real_clock.now())
    assert count(hub) == is_there


def test_what_is_held_is_nobodys_before_it_is_given_out(hub: Hub) -> None:
    at = hub.real_clock.now()
    with hub.writing(HUB) as tx:
        held = unfinished_forms.hold(tx, holder_of(tx), HERE, {"text": ["late"]}, at=at)
    keep(hub, "kept")
    assert (found(hub), count(hub)) == ("kept", 2)
    with hub.writing(HUB) as tx:
        assert unfinished_forms.give_out(tx, holder_of(tx, OTHER), held, at=at) is None
        assert unfinished_forms.give_out(tx, replace(holder_of(tx), client_id="app"), held, at=at) is None
        assert unfinished_forms.give_out(tx, holder_of(tx), "0" * 32, at=at) is None
        assert unfinished_forms.give_out(tx, holder_of(tx), held, at=at + HELD_FOR) is None
    assert found(hub) == "kept"
    with hub.writing(HUB) as tx:
        assert unfinished_forms.give_out(tx, holder_of(tx), held, at=at) == HERE
        # Once, and a form that is kept is no held one.
        assert unfinished_forms.give_out(tx, holder_of(tx), held, at=at) is None
        [record] = tx.session.query(UnfinishedFormRecord)
        assert unfinished_forms.give_out(tx, holder_of(tx), record.id, at=at) is None
    assert (found(hub), count(hub)) == ("late", 1)


def test_what_is_held_is_swept_in_real_time(hub: Hub, clock: FixedClock) -> None:
    at = hub.real_clock.now()
    with hub.writing(HUB) as tx:
        unfinished_forms.hold(tx, holder_of(tx), HERE, {"text": ["late"]}, at=at)
    clock.at += timedelta(days=60)
    sweeps.forget_old(hub, real_now=at)
    assert count(hub) == 1
    sweeps.forget_old(hub, real_now=at + HELD_FOR)
    assert count(hub) == 0
