"""A bank tells bills of people who consented, and learns nothing of anybody else by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain import bill_feed
from hub.domain.actor import HUB
from hub.domain.bill_feed import KEPT_UNUSED, MOST_CARDS, MOST_ROWS
from hub.domain.china import CHINA
from hub.domain.clock import FixedClock
from hub.services.operating import banks as bank_services
from hub.services.operating.invariants import breaches
from hub.services.operating.sweeps import forget_old
from hub.wiring import Hub
from storage import bill_consents
from storage.records import BillConsentRecord, BillRecord
from tests.applications import CMB, ICBC
from tests.web.api.faults import faults_of
from tests.web.api.test_bills import NOVEMBER, listed
from tests.web.api.test_people import erase
from tests.web.caller import Caller, json_of, made

CONSENT = {"subject": "person-1", "version": bill_feed.CONSENT.version, "card_last4": "0007", "mobile": "13900001234"}


@pytest.fixture
def offering(hub: Hub, host_app: Caller) -> Caller:
    """The host app, where both banks take part."""
    with hub.writing(HUB) as tx:
        for code in (ICBC, CMB):
            bank_services.change(tx, code, {"services": "reminders"})
    return host_app


def agree(host_app: Caller, bank: Caller, subject: str = "person-1") -> str:
    """The token by which the bank names the person from now on."""
    before = {each["token"] for each in made(bank.get("/bank/bill-consents"), 200)["items"]}
    assert bank.client.bank_code is not None
    made(host_app.put(f"/bill-consents/{bank.client.bank_code}", {**CONSENT, "subject": subject}), 200)
    [token] = {each["token"] for each in made(bank.get("/bank/bill-consents"), 200)["items"]} - before
    return str(token)


def row(token: str, clock: FixedClock, minutes: int = 0, **changes: Any) -> dict[str, Any]:
    """A bill of the day, worked out so many minutes ago."""
    as_of = (clock.now() - timedelta(minutes=minutes)).astimezone(CHINA).isoformat()
    return {
        "token": token,
        "card_last4": "0007",
        "statement_on": "2026-11-05",
        "due_on": "2026-11-25",
        "statement_fen": 120_000,
        "minimum_fen": 12_000,
        "as_of": as_of,
        **changes,
    }


def tell(bank: Caller, *rows: dict[str, Any], **options: Any) -> list[str]:
    """What became of each row."""
    return [each["result"] for each in made(bank.post("/bank/bills", {"items": list(rows)}, **options), 200)["items"]]


def kept(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(BillRecord)) or 0


def test_a_bank_tells_the_bill_of_a_person_who_consented(offering: Caller, icbc: Caller, clock: FixedClock) -> None:
    token = agree(offering, icbc)
    assert tell(icbc, row(token, clock)) == ["taken"]
    [bill] = listed(offering)
    assert (bill["source"], bill["status"], bill["bank_code"]) == ("bank_feed", "open", ICBC)
    assert (bill["statement_fen"], bill["minimum_fen"], bill["may_have_changed"]) == (120_000, 12_000, False)
    load = made(offering.get("/load?subject=person-1&month=2026-11"), 200)
    assert load["minimum_fen"] == 12_000


def test_told_twice_is_taken_once_and_what_is_older_is_left_aside(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    token = agree(offering, icbc)
    first = row(token, clock, 60)
    assert tell(icbc, first, first) == ["taken", "unchanged"]
    assert tell(icbc, row(token, clock, 90, minimum_fen=1)) == ["older"]
    assert tell(icbc, row(token, clock, 30, paid_fen=120_000)) == ["changed"]
    assert [each["status"] for each in listed(offering)] == ["paid"]
    assert tell(icbc, row(token, clock, is_overdue=True)) == ["changed"]
    assert [each["status"] for each in listed(offering)] == ["overdue"]
    assert kept(hub) == 1
    answers = [icbc.post("/bank/bills", {"items": [first]}, key="night-1").data for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_day_that_has_passed_makes_no_bill_overdue(offering: Caller, icbc: Caller, clock: FixedClock) -> None:
    token = agree(offering, icbc)
    tell(icbc, row(token, clock, due_on="2026-11-10"))
    clock.at += timedelta(days=30)
    assert [each["status"] for each in listed(offering)] == ["open"]


def test_a_later_statement_supersedes_the_one_before_in_whatever_order(
    offering: Caller, icbc: Caller, clock: FixedClock
) -> None:
    token = agree(offering, icbc)
    december = row(token, clock, statement_on="2026-12-05", due_on="2026-12-25")
    assert tell(icbc, row(token, clock, 5), december) == ["taken", "taken"]
    assert {each["due_on"]: each["status"] for each in listed(offering)} == {
        "2026-11-25": "superseded",
        "2026-12-25": "open",
    }
    assert tell(icbc, row(token, clock), row(token, clock, statement_on="2026-10-05")) == ["superseded"] * 2
    assert len(listed(offering)) == 2


def test_the_persons_own_note_of_the_same_bill_gives_way(offering: Caller, icbc: Caller, clock: FixedClock) -> None:
    made(offering.put("/bills/own", {**NOVEMBER, "statement_on": None}))
    tell(icbc, row(agree(offering, icbc), clock))
    assert {each["source"]: each["status"] for each in listed(offering)} == {
        "typed": "superseded",
        "bank_feed": "open",
    }


def test_figures_of_more_than_five_days_ago_may_have_changed(offering: Caller, icbc: Caller, clock: FixedClock) -> None:
    token = agree(offering, icbc)
    tell(icbc, row(token, clock))
    clock.at += timedelta(days=5)
    assert [each["may_have_changed"] for each in listed(offering)] == [False]
    clock.at += timedelta(minutes=1)
    assert [each["may_have_changed"] for each in listed(offering)] == [True]
    assert tell(icbc, row(token, clock)) == ["unchanged"]
    assert [each["may_have_changed"] for each in listed(offering)] == [False]


def test_a_wrong_token_anothers_and_a_dead_one_answer_alike_and_hold_up_nobody(
    offering: Caller, icbc: Caller, bank_app: Callable[[str], Caller], clock: FixedClock, hub: Hub
) -> None:
    cmb = bank_app(CMB)
    token, theirs, dead = agree(offering, icbc), agree(offering, cmb), agree(offering, icbc, "person-2")
    made(offering.delete(f"/bill-consents/{ICBC}?subject=person-2"), 200)
    rows = [row(each, clock) for each in ("nobody", theirs, dead, token)]
    assert tell(icbc, *rows) == ["bill_not_yours", "bill_not_yours", "bill_not_yours", "taken"]
    assert kept(hub) == 1


def test_a_bill_of_a_card_that_the_person_did_not_name_is_left_out_until_they_name_it(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    token = agree(offering, icbc)
    other = row(token, clock, card_last4="7391")
    assert tell(icbc, other, row(token, clock)) == ["card_not_consented", "taken"]
    assert [each["card_last4"] for each in listed(offering)] == ["0007"]
    for _ in range(2):
        answer = made(offering.put(f"/bill-consents/{ICBC}", {**CONSENT, "card_last4": "7391"}), 200)
        assert [each["cards"] for each in answer["items"]] == [["0007", "7391"]]
    [consent] = made(icbc.get("/bank/bill-consents"), 200)["items"]
    assert (consent["token"], consent["card_last4"], consent["cards"]) == (token, "0007", ["0007", "7391"])
    assert tell(icbc, other) == ["taken"]
    assert kept(hub) == 2


def test_a_card_whose_bills_were_told_before_cards_were_named_one_by_one_goes_on(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    token = agree(offering, icbc)
    tell(icbc, row(token, clock))
    with hub.writing(HUB) as tx:
        [consent] = bill_consents.list_of_bank(tx, ICBC, limit=2)
        contact = replace(bill_consents.contact_of(tx, consent), card_last4="7391")
        bill_consents.set_contact(tx, consent, contact)
    assert tell(icbc, row(token, clock, statement_on="2026-12-05", due_on="2026-12-25")) == ["taken"]


def test_a_person_names_so_many_cards_of_a_bank(offering: Caller, icbc: Caller) -> None:
    for number in range(MOST_CARDS):
        made(offering.put(f"/bill-consents/{ICBC}", {**CONSENT, "card_last4": f"{number:04}"}), 200)
    refused = offering.put(f"/bill-consents/{ICBC}", {**CONSENT, "card_last4": "9999"})
    assert faults_of(refused) == {("/card_last4", "too_many")}
    [consent] = made(icbc.get("/bank/bill-consents"), 200)["items"]
    assert len(consent["cards"]) == MOST_CARDS


def test_taking_the_consent_back_deletes_what_was_told_at_once(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    token = agree(offering, icbc)
    tell(icbc, row(token, clock))
    for _ in range(2):
        answer = made(offering.delete(f"/bill-consents/{ICBC}?subject=person-1"), 200)
    [consent] = answer["items"]
    assert (consent["withdrawn_at"] is not None, consent["card_last4"]) == (True, None)
    assert (kept(hub), listed(offering)) == (0, [])
    assert made(icbc.get("/bank/bill-consents"), 200)["items"] == []
    assert tell(icbc, row(token, clock)) == ["bill_not_yours"]
    with hub.reading(HUB) as tx:
        [record] = tx.session.scalars(sa.select(BillConsentRecord))
        assert record.contents_sealed is None
        assert list(breaches(tx, hub.store)) == []
    assert agree(offering, icbc) != token


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"minimum_fen": 120_001}, ("/items/1/minimum_fen", "minimum_above_statement")),
        ({"due_on": "2036-01-01"}, ("/items/1/due_on", "bill_day_far")),
        ({"as_of": "2026-12-31T00:00:00+08:00"}, ("/items/1/as_of", "time_in_future")),
        ({"statement_on": None}, ("/items/1/statement_on", "null")),
        ({"card_last4": "6222020000000007"}, ("/items/1/card_last4", "card_last4_form")),
        ({"cvn": "123"}, ("/items/1/cvn", "card_secret_refused")),
        ({"name": "王小明"}, ("/items/1/name", "unknown_field")),
    ],
)
def test_a_row_of_a_wrong_form_refuses_all_with_every_fault_named(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    token = agree(offering, icbc)
    refused = icbc.post("/bank/bills", {"items": [row(token, clock), row(token, clock, **changes)]})
    assert refused.status_code == 422
    assert fault in faults_of(refused)
    assert kept(hub) == 0


def test_all_faults_are_named_at_once(offering: Caller, icbc: Caller, clock: FixedClock) -> None:
    wrong = [row("t", clock, minimum_fen=-1), row("t", clock, card_last4="1", pin="1")]
    assert {each for each, _ in faults_of(icbc.post("/bank/bills", {"items": wrong}))} == {
        "/items/0/minimum_fen",
        "/items/1/card_last4",
        "/items/1/pin",
    }
    assert faults_of(icbc.post("/bank/bills", {"items": []})) == {("/items", "too_few")}
    assert faults_of(icbc.post("/bank/bills", {"items": [row("t", clock)] * (MOST_ROWS + 1)})) == {
        ("/items", "too_many")
    }


def test_a_bank_that_does_not_offer_it_is_refused_at_every_door(
    host_app: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    for refused in (
        host_app.put(f"/bill-consents/{ICBC}", CONSENT),
        icbc.post("/bank/bills", {"items": [row("t", clock)]}),
    ):
        assert (refused.status_code, json_of(refused)["code"]) == (409, "service_not_offered")
    assert made(host_app.get("/bill-consents?subject=person-1"), 200)["items"] == []
    assert host_app.put("/bill-consents/99999999", CONSENT).status_code == 404


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"version": "2026-10"}, ("/version", "unknown_choice")),
        ({"mobile": None}, ("/mobile", "null")),
        ({"card_last4": "12345"}, ("/card_last4", "card_last4_form")),
        ({"login": "x"}, ("/login", "card_secret_refused")),
    ],
)
def test_a_consent_needs_the_words_in_force_and_what_the_bank_finds_the_person_by(
    offering: Caller, icbc: Caller, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert fault in faults_of(offering.put(f"/bill-consents/{ICBC}", {**CONSENT, **changes}))
    assert made(icbc.get("/bank/bill-consents"), 200)["items"] == []


def test_what_a_bank_told_is_changed_by_the_bank_alone(offering: Caller, icbc: Caller, clock: FixedClock) -> None:
    tell(icbc, row(agree(offering, icbc), clock))
    [bill] = listed(offering)
    refused = offering.put(f"/bills/{bill['id']}", NOVEMBER)
    assert (refused.status_code, json_of(refused)["code"]) == (404, "bill_not_yours")
    assert offering.delete(f"/bills/{bill['id']}?subject=person-1").status_code == 204
    assert listed(offering) == []


def test_no_bank_reads_another_banks_bill_count_or_load(
    offering: Caller, icbc: Caller, bank_app: Callable[[str], Caller], clock: FixedClock
) -> None:
    cmb = bank_app(CMB)
    tell(icbc, row(agree(offering, icbc), clock, statement_fen=7_391_117))
    theirs = agree(offering, cmb)
    answer = cmb.get("/bank/bill-consents").get_data(as_text=True)
    for marker in ("7391117", ICBC, "load"):
        assert marker not in answer.replace(theirs, ""), marker
    assert [each["reminders"]["sent"] for each in made(cmb.get("/bank/bill-consents"), 200)["items"]] == [0]
    for path in ("/bills?subject=person-1", "/load?subject=person-1", "/bill-consents?subject=person-1"):
        assert cmb.get(path).status_code == 403, path


def test_a_client_sees_its_own_peoples_consents(offering: Caller, icbc: Caller, caller: Any) -> None:
    agree(offering, icbc)
    other = caller("another app", "applications:write", "applications:read")
    assert made(other.get("/bill-consents?subject=person-1"), 200)["items"] == []
    made(other.delete(f"/bill-consents/{ICBC}?subject=person-1"), 200)
    assert len(made(icbc.get("/bank/bill-consents"), 200)["items"]) == 1
    assert offering.get("/bill-consents").status_code == 422


def test_erasing_the_person_takes_consents_and_bills(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    tell(icbc, row(agree(offering, icbc), clock))
    erase(offering, "person-1")
    with hub.reading(HUB) as tx:
        assert (tx.session.query(BillRecord).count(), tx.session.query(BillConsentRecord).count()) == (0, 0)


def test_a_consent_under_which_nothing_is_told_ends_by_itself(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    agree(offering, icbc)
    clock.at += KEPT_UNUSED
    forget_old(hub, real_now=hub.real_clock.now())
    assert made(icbc.get("/bank/bill-consents"), 200)["items"] == []


def test_the_check_names_a_bill_without_its_consent(
    offering: Caller, icbc: Caller, clock: FixedClock, hub: Hub
) -> None:
    tell(icbc, row(agree(offering, icbc), clock))
    with hub.reading(HUB) as tx:
        assert bill_consents.list_told_without_one(tx) == bill_consents.list_keeping_too_much(tx) == []
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.update(BillRecord).values(consent_id="0" * 32))
    with hub.reading(HUB) as tx:
        assert [each.invariant for each in breaches(tx, hub.store)] == ["bill_consents"]
