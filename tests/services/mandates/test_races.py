"""Real threads on real databases: a mandate is revoked once, and of two answers that exclude each other one counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_instant
from hub.domain.clock import FixedClock
from hub.domain.deduction import Deduction
from hub.services.accounts import subjects
from hub.services.delivery.bank_events import actor_of
from hub.services.mandates import deductions, looking, mandates
from hub.services.mandates.revoking import revoke
from hub.wiring import Hub
from storage import communications, service_requests
from storage.log_tables import OF_REQUESTS
from storage.records import DeliveryRecord, MailRecord, ServiceRequestRecord
from tests.applications import CMB, ICBC
from tests.services.mandates.revoked import CLIENT, HOLDER, MANDATE, PERSON, Revoked, switch_on
from tests.services.posting import Posting
from tests.services.test_races import at_once, sound


@pytest.fixture
def revoked(hub: Hub, banks: dict[str, Bank], clock: FixedClock, work_off: Callable[[], int]) -> Revoked:
    Posting(hub=hub, clock=clock).at("2026-12-01 10:00")
    switch_on(hub, ICBC, CMB)
    return Revoked(hub, work_off).record()


def press(revoked: Revoked, code: str) -> None:
    """The person signs the revocation, in a transaction of its own."""
    with revoked.hub.writing(HUB) as tx:
        subject = subjects.of_client(tx, CLIENT, PERSON)
        revoke(tx, subject, revoked.id, name=HOLDER, code=code)


def count(hub: Hub, table: type) -> int:
    with hub.reading(HUB) as tx:
        return int(tx.session.query(table).count())


def kinds_of_log(revoked: Revoked, bank_code: str) -> list[str]:
    """The kinds of the log with that receiver."""
    with revoked.hub.reading(HUB) as tx:
        [request] = [each for each in revoked.requests if each.bank_code == bank_code]
        return [each.header.kind for each in communications.list_entries(tx, request.id, log=OF_REQUESTS)]


def mails(hub: Hub, kind: str) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(MailRecord).filter_by(kind=kind).count()


def test_two_presses_at_once_send_one_revocation_to_each_receiver(hub: Hub, revoked: Revoked) -> None:
    code = revoked.code()
    assert at_once(*[lambda: press(revoked, code)] * 4) == ["done"] * 4
    assert revoked.row.status == "revoking"
    assert (count(hub, ServiceRequestRecord), count(hub, DeliveryRecord)) == (2, 2)
    assert sound(hub)


def test_of_a_revocation_and_a_removal_at_once_one_happens(hub: Hub, revoked: Revoked) -> None:
    code = revoked.code()

    def remove() -> None:
        with hub.writing(HUB) as tx:
            mandates.remove(tx, subjects.of_client(tx, CLIENT, PERSON), revoked.id)

    found = at_once(lambda: press(revoked, code), remove)
    assert sorted(found) in (["NotFound", "done"], ["StatusConflict", "done"])
    sent = 2 if found[0] == "done" else 0
    assert (count(hub, ServiceRequestRecord), count(hub, DeliveryRecord)) == (sent, sent)
    assert sound(hub)


def test_a_change_beside_a_revocation_is_in_what_is_sent_or_refused(hub: Hub, revoked: Revoked) -> None:
    code = revoked.code()

    def change() -> None:
        with hub.writing(HUB) as tx:
            mandates.change(tx, subjects.of_client(tx, CLIENT, PERSON), revoked.id, replace(MANDATE, use="会员费"))

    signed, changed = at_once(lambda: press(revoked, code), change)
    assert (signed, changed) in (("done", "done"), ("done", "StatusConflict"))
    with hub.reading(HUB) as tx:
        used = {service_requests.contents_of(tx, each)["mandate"]["use"] for each in revoked.requests}
    assert used == ({"会员费"} if changed == "done" else {MANDATE.use})
    assert revoked.row.status == "revoking"
    assert sound(hub)


def test_both_receivers_at_once_revoke_it_once_and_tell_once(hub: Hub, revoked: Revoked) -> None:
    revoked.revoke()
    assert at_once(lambda: revoked.confirm(ICBC), lambda: revoked.confirm(CMB)) == ["done", "done"]
    assert revoked.row.status == "revoked"
    assert {each.status for each in revoked.requests} == {"confirmed"}
    assert mails(hub, "revocation_confirmed") == 1
    assert sound(hub)


def test_both_receivers_who_refuse_at_once_leave_nobody_who_could_take_it(hub: Hub, revoked: Revoked) -> None:
    revoked.revoke()
    assert at_once(lambda: revoked.refuse(ICBC), lambda: revoked.refuse(CMB)) == ["done", "done"]
    assert revoked.row.status == "revocation_refused"
    assert sound(hub)


def test_a_yes_and_a_no_of_two_receivers_at_once_revoke_it(hub: Hub, revoked: Revoked) -> None:
    revoked.revoke()
    assert at_once(lambda: revoked.confirm(ICBC), lambda: revoked.refuse(CMB)) == ["done", "done"]
    assert revoked.row.status == "revoked"
    assert sound(hub)


@pytest.mark.parametrize("number", range(2))
def test_a_yes_and_a_no_of_one_receiver_at_once_have_one_winner(revoked: Revoked, number: int) -> None:
    revoked.revoke()
    found = at_once(lambda: revoked.confirm(ICBC), lambda: revoked.refuse(ICBC))
    assert sorted(found) == ["StatusConflict", "done"]
    word = "confirmed" if found[0] == "done" else "refused"
    [status] = [each.status for each in revoked.requests if each.bank_code == ICBC]
    assert status == word
    said = [kind for kind in kinds_of_log(revoked, ICBC) if kind in ("revocation_confirmed", "revocation_refused")]
    assert said == [f"revocation_{word}"]
    assert revoked.row.status == ("revoked" if word == "confirmed" else "revoking")
    assert sound(revoked.hub)


def test_an_answer_beside_the_end_of_the_term_leaves_one_end(hub: Hub, clock: FixedClock, revoked: Revoked) -> None:
    revoked.revoke()
    assert MANDATE.valid_to is not None
    clock.at = china_instant(MANDATE.valid_to + timedelta(days=2), time(10))

    def look() -> None:
        with hub.writing(HUB) as tx:
            looking.look(tx, revoked.id)

    assert at_once(look, lambda: revoked.confirm(ICBC), look) == ["done"] * 3
    # Whoever was first: what ended by itself is ended, and the bank's word stands in its own log all the same.
    assert revoked.row.status in ("ended", "revoked")
    assert kinds_of_log(revoked, ICBC).count("revocation_confirmed") == 1
    assert sound(hub)


def test_two_answers_to_a_deduction_at_once_are_one(hub: Hub, revoked: Revoked) -> None:
    with hub.writing(HUB) as tx:
        taken = Deduction(
            at=tx.now - timedelta(days=1), amount_fen=123_456, account_last4="4401", mandate_id=revoked.id
        )
        deduction_id = deductions.report(tx, subjects.of_client(tx, CLIENT, PERSON), taken).id

    def answer(text: str) -> None:
        with hub.writing(actor_of(ICBC)) as tx:
            deductions.answer(tx, deduction_id, text, bank_code=ICBC)

    found = at_once(lambda: answer("多扣的今天退回。"), lambda: answer("没有多扣。"))
    assert sorted(found) == ["AgreementConflict", "done"]
    assert sound(hub)
