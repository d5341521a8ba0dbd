"""What people choose for themselves: kept for all their devices, apart by their way in, and gone when of no use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.preferences import Language, Preferences, Telling
from hub.services.accounts import preferences, sign_in
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.preferences import KEPT
from hub.services.applications.person_index import person_indexes
from hub.services.operating import sweeps
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.records import PreferencesRecord
from storage.submissions import submission_of
from tests.services.case import Case, record_of
from tests.services.conftest import OpenCase

MOBILE = "13800138000"


def came_by_text_message(tx: HubTransaction, mobile: str = MOBILE) -> Cardholder:
    return Cardholder(key="k", mobile=mobile, mobile_indexes=tuple(tx.keyring.indexes(mobile, purpose="mobile")))


def choose(hub: Hub, person: Callable[[HubTransaction], Cardholder], **chosen: object) -> Preferences:
    with hub.writing(HUB) as tx:
        return preferences.change(tx, person(tx), lambda known: replace(known, **chosen))  # type: ignore[arg-type]


def test_what_was_chosen_is_there_at_the_next_sign_in_and_is_nobody_elses(hub: Hub) -> None:
    choose(hub, came_by_text_message, wage_day=15, has_large_print=True)
    choose(hub, came_by_text_message, language=Language.ENGLISH)
    with hub.reading(HUB) as tx:
        chosen = Preferences(wage_day=15, has_large_print=True, language=Language.ENGLISH)
        assert preferences.of(tx, came_by_text_message(tx)) == chosen
        assert preferences.of(tx, came_by_text_message(tx, "13900139000")) == Preferences()
        [row] = tx.session.query(PreferencesRecord)
        assert b"wage_day" not in row.body_sealed
        assert row.owner_index == tx.keyring.index(MOBILE, purpose="mobile")


def test_a_host_apps_word_about_a_mobile_changes_nothing_that_its_holder_chose(hub: Hub) -> None:
    choose(hub, came_by_text_message, telling=Telling.SMS)
    choose(hub, lambda tx: replace(came_by_text_message(tx), client_id="app"), is_quiet=True)
    with hub.reading(HUB) as tx:
        assert preferences.of(tx, came_by_text_message(tx)) == Preferences(telling=Telling.SMS)


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


@pytest.fixture
def launched(case: Case) -> Callable[[str], Callable[[HubTransaction], Cardholder]]:
    """The person of the negotiation as a host app of that id sends them over."""

    def from_app(client_id: str) -> Callable[[HubTransaction], Cardholder]:
        def person(tx: HubTransaction) -> Cardholder:
            applicant = submission_of(tx, record_of(tx, case)).applicant
            document = tuple(person_indexes(tx, applicant.id_type, applicant.id_number))
            return replace(came_by_text_message(tx, "13700137000"), person_indexes=document, client_id=client_id)

        return person

    return from_app


def test_somebody_is_told_by_what_they_chose_last_on_any_way_that_shows_it_to_them(
    hub: Hub,
    clock: FixedClock,
    case: Case,
    launched: Callable[[str], Callable[[HubTransaction], Cardholder]],
) -> None:
    def told_by() -> Telling | None:
        with hub.reading(HUB) as tx:
            return preferences.of_applicant(tx, record_of(tx, case)).telling

    with hub.reading(HUB) as tx:
        mobile = submission_of(tx, record_of(tx, case)).applicant.mobile
    assert told_by() is None
    # An app that did not make it has no say.
    choose(hub, launched("another"), telling=Telling.BOTH)
    assert told_by() is None
    choose(hub, launched(case.client_id), telling=Telling.BOTH)
    assert told_by() is Telling.BOTH
    clock.at += timedelta(minutes=1)
    choose(hub, lambda tx: came_by_text_message(tx, mobile), telling=Telling.SMS)
    assert told_by() is Telling.SMS


def test_choices_go_when_nobody_uses_them_and_stay_with_who_signs_in(hub: Hub, clock: FixedClock) -> None:
    choose(hub, came_by_text_message, wage_day=15)
    choose(hub, lambda tx: came_by_text_message(tx, "13900139000"), wage_day=20)
    clock.at += KEPT - timedelta(days=1)
    with hub.writing(HUB) as tx:
        sign_in.open_session(tx, {"mobile": MOBILE}, at=clock.at)
    clock.at += timedelta(days=1)
    with hub.reading(HUB) as tx:
        assert preferences.of(tx, came_by_text_message(tx)).wage_day == 15
        assert preferences.of(tx, came_by_text_message(tx, "13900139000")) == Preferences()
    sweeps.forget_old(hub, real_now=clock.at)
    with hub.reading(HUB) as tx:
        assert tx.session.query(PreferencesRecord).count() == 1


def test_what_was_chosen_is_forgotten_when_the_person_says_so(hub: Hub) -> None:
    choose(hub, came_by_text_message, wage_day=15)
    with hub.writing(HUB) as tx:
        preferences.forget(tx, came_by_text_message(tx))
    with hub.reading(HUB) as tx:
        assert preferences.of(tx, came_by_text_message(tx)) == Preferences()
        assert tx.session.query(PreferencesRecord).count() == 0
