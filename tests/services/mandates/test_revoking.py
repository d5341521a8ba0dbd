"""A revocation: signed with a code, delivered alike to payee and account bank, answered, and followed until it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.errors import NotFound, StatusConflict
from hub.domain.mandate import PayeeKind, RevocationRefusal
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.delivery.bank_events import actor_of
from hub.services.mandates import answering, mandates, revoking
from hub.services.operating.invariants import breaches
from hub.services.reading.cardholder import mandates as own_mandates
from hub.wiring import Hub
from storage import communications, deliveries
from storage.log_tables import OF_REQUESTS
from storage.records import DeliveryRecord, MailRecord
from tests.applications import CITIC, CMB, ICBC
from tests.services.mandates.revoked import HOLDER, MANDATE, Revoked, switch_on
from tests.services.posting import Posting

BY_COMPANY = replace(MANDATE, payee_kind=PayeeKind.PAYMENT_COMPANY, payee_code=None, payee_name="某支付有限公司")


@pytest.fixture
def posting(hub: Hub, clock: FixedClock) -> Posting:
    posting = Posting(hub=hub, clock=clock)
    posting.at("2026-12-01 10:00")
    return posting


@pytest.fixture
def revoked(hub: Hub, banks: dict[str, Bank], posting: Posting, work_off: Callable[[], int]) -> Revoked:
    # The first works in the portal, the second has a system of its own.
    switch_on(hub, ICBC, CMB)
    return Revoked(hub, work_off).record()


def sent(hub: Hub) -> list[DeliveryRecord]:
    with hub.reading(HUB) as tx:
        return list(tx.session.query(DeliveryRecord).order_by(DeliveryRecord.id))


def kinds(hub: Hub, kind: str) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(MailRecord).filter_by(kind=kind).count()


def test_the_revocation_goes_to_payee_and_account_bank_with_the_same_id_and_the_same_bytes(
    hub: Hub, revoked: Revoked
) -> None:
    assert revoked.revoke() is None
    assert revoked.row.status == "revoking"
    messages = sent(hub)
    assert {each.bank_code for each in messages} == {ICBC, CMB}
    assert {each.kind for each in messages} == {"mandate.revoked"}
    assert len({each.sha256 for each in messages}) == 1
    with hub.reading(HUB) as tx:
        first, second = (deliveries.body_of(tx, each) for each in messages)
    assert first == second
    assert first["data"]["request"] == revoked.revocation_id
    assert first["data"]["holder"]["name"] == HOLDER
    assert len({each.reference for each in revoked.requests}) == 1


def test_revoking_twice_is_answered_and_not_repeated(hub: Hub, revoked: Revoked) -> None:
    revoked.revoke()
    before = revoked.revocation_id
    assert revoked.revoke("000000") is None
    assert revoked.revocation_id == before
    assert len(sent(hub)) == 2
    revoked.confirm(ICBC)
    assert revoked.revoke("000000") is None
    assert (revoked.row.status, len(sent(hub))) == ("revoked", 2)


def test_a_wrong_code_revokes_nothing_and_counts(hub: Hub, revoked: Revoked) -> None:
    code = revoked.code()
    wrong = "000000" if code != "000000" else "111111"
    refused = revoked.revoke(wrong)
    assert refused is not None
    assert [each.code for each in refused.faults] == ["wrong_confirmation_code"]
    assert (revoked.row.status, sent(hub)) == ("recorded", [])
    assert revoked.revoke(code) is None
    assert revoked.row.status == "revoking"


def test_a_confirmation_by_either_of_them_revokes_it(revoked: Revoked) -> None:
    revoked.revoke()
    revoked.refuse(ICBC)
    assert revoked.row.status == "revoking"
    revoked.confirm(CMB)
    assert revoked.row.status == "revoked"
    # The same again changes nothing; another word is refused.
    revoked.confirm(CMB)
    with pytest.raises(StatusConflict):
        revoked.refuse(CMB)


def test_it_is_refused_once_nobody_is_left_who_could_take_it(revoked: Revoked) -> None:
    revoked.revoke()
    revoked.refuse(ICBC)
    revoked.refuse(ICBC)
    assert revoked.row.status == "revoking"
    revoked.refuse(CMB, RevocationRefusal.REQUIRED_BY_CONTRACT, "第八条：借款结清前不得撤回。")
    assert revoked.row.status == "revocation_refused"


def test_a_bank_answers_its_own_part_alone(hub: Hub, revoked: Revoked) -> None:
    switch_on(hub, CITIC)
    revoked.revoke()
    with hub.writing(actor_of(CITIC)) as tx, pytest.raises(NotFound):
        answering.confirm(tx, revoked.revocation_id, bank_code=CITIC)
    with hub.reading(HUB) as tx:
        for each in revoked.requests:
            view = answering.bank_view(tx, each)
            other = CMB if each.bank_code == ICBC else ICBC
            assert "receivers" not in view
            assert view["id"] == revoked.revocation_id
            assert other in (view["mandate"]["payee_code"], view["mandate"]["account_bank"])


def test_without_an_answer_for_three_working_days_it_is_a_breach_and_the_person_is_told(
    hub: Hub, revoked: Revoked, posting: Posting
) -> None:
    revoked.revoke()
    posting.at("2026-12-04 18:00")
    assert kinds(hub, "revocation_late") == 0
    posting.at("2026-12-04 18:01")
    posting.at("2026-12-05 09:00")
    with hub.reading(HUB) as tx:
        for each in revoked.requests:
            entries = communications.list_entries(tx, each.id, log=OF_REQUESTS)
            assert "breached" in [entry.header.kind for entry in entries]
    assert kinds(hub, "revocation_late") == 2
    posting.at("2026-12-06 09:00")
    assert kinds(hub, "revocation_late") == 2


def test_the_days_to_answer_count_a_weekend_that_is_worked(
    hub: Hub, banks: dict[str, Bank], posting: Posting, work_off: Callable[[], int]
) -> None:
    # The National Day holiday of 2026 ends on 7 October, and Saturday the 10th is worked.
    switch_on(hub, ICBC, CMB)
    posting.at("2026-10-08 10:00")
    revoked = Revoked(hub, work_off).record()
    revoked.revoke()
    assert {each.due_at.isoformat() for each in revoked.requests} == {"2026-10-12T10:00:00+00:00"}


def test_who_is_not_here_gets_a_letter_and_no_message(
    hub: Hub, banks: dict[str, Bank], posting: Posting, work_off: Callable[[], int]
) -> None:
    switch_on(hub, CMB)
    revoked = Revoked(hub, work_off).record(BY_COMPANY)
    revoked.revoke()
    assert [each.bank_code for each in revoked.requests] == [CMB]
    nobody = Revoked(hub, work_off).record(replace(BY_COMPANY, account_bank="01050000"))
    nobody.revoke()
    assert (nobody.row.status, nobody.requests) == ("revoking", [])


def test_the_mails_of_a_revocation_go_out_once_each(hub: Hub, revoked: Revoked, posting: Posting) -> None:
    assert [subject for _, subject in posting.at("2026-12-01 10:01")] == ["您登记的一项授权已经记下"]
    revoked.revoke()
    assert [subject for _, subject in posting.at("2026-12-01 10:10") if "撤回通知" in subject] == ["撤回通知已经送达"]
    revoked.refuse(ICBC)
    revoked.confirm(CMB)
    told = [subject for to, subject in posting.at("2026-12-01 10:20") if to == MANDATE.email]
    assert sorted(told) == ["撤回已经得到确认", "撤回有了答复"]
    assert [to for to, _ in posting.at("2026-12-02 10:00") if to == MANDATE.email] == []


def test_what_is_refused_is_mended_and_revoked_anew(revoked: Revoked, hub: Hub) -> None:
    revoked.revoke()
    revoked.refuse(ICBC)
    revoked.refuse(CMB)
    first = revoked.revocation_id
    with hub.writing(HUB) as tx:
        mandates.change(tx, subjects.of_client(tx, "some-app", "person-1"), revoked.id, replace(MANDATE, use="会员费"))
    assert revoked.row.status == "recorded"
    revoked.revoke()
    assert revoked.revocation_id != first
    assert len(sent(hub)) == 4


def test_the_check_finds_nothing_wrong(hub: Hub, revoked: Revoked) -> None:
    revoked.revoke()
    revoked.confirm(ICBC)
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []


def test_that_it_has_arrived_is_told_once_everybody_has_it(
    hub: Hub, banks: dict[str, Bank], posting: Posting, work_off: Callable[[], int]
) -> None:
    switch_on(hub, ICBC, CMB)
    # One has it at once; the way to the other's system is not open yet.
    Revoked(hub, lambda: 0).record().revoke()
    posting.at("2026-12-01 10:10")
    assert kinds(hub, "revocation_delivered") == 0
    work_off()
    posting.at("2026-12-01 10:20")
    assert kinds(hub, "revocation_delivered") == 1


def test_what_a_receiver_has_answered_is_due_no_more_on_the_persons_page(
    hub: Hub, banks: dict[str, Bank], posting: Posting, work_off: Callable[[], int]
) -> None:
    switch_on(hub, ICBC, CMB)
    person = Cardholder(key="k", mobile=MANDATE.mobile, mobile_indexes=(b"mobile",))
    with hub.writing(HUB) as tx:
        subject = subjects.of_cardholder(tx, person)
        mandate = mandates.add(tx, subject, MANDATE).id
        code = revoking.send_code(tx, subject, mandate).code
        revoking.revoke(tx, subject, mandate, name=HOLDER, code=code)
        revocation = mandates.get_own(tx, subject, mandate).revocation_id
    work_off()
    with hub.writing(actor_of(ICBC)) as tx:
        answering.confirm(tx, str(revocation), bank_code=ICBC)
    with hub.reading(HUB) as tx:
        found = own_mandates.get_own(tx, person, mandate, language="zh")
        due = {each.status: each.due_at for each in own_mandates.receivers(tx, found, language="zh")}
    assert due["confirmed"] is None
    assert due["with_bank"] is not None
