"""Referrals by API: free, by consent alone, to be taken back; and what the partner is told and says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.referral_consent import TEXT
from hub.services.operating import sweeps
from hub.services.operating.invariants import breaches
from hub.services.referrals import handing_over, partners
from hub.wiring import Hub
from storage import referral_messages
from storage.records import (
    BillRecord,
    ReferralConsentRecord,
    ReferralMessageRecord,
    ReferralRecord,
    ReferralRevocationRecord,
)
from tests.conftest import AddCaller
from tests.services.referrals.partner import CODE, FarPartner, add_partner, far_partner
from tests.web.api.faults import faults_of
from tests.web.api.test_bills import NOVEMBER
from tests.web.api.test_people import erase, subject_of
from tests.web.caller import Caller, json_of, made

PERSON = "person-1"
NAME, MOBILE = "王小明", "13800138000"


@pytest.fixture
def far(hub: Hub) -> Iterator[FarPartner]:
    """A partner that people are shown, and its system."""
    with far_partner() as up:
        up.secret = add_partner(hub, handover_url=up.url)
        yield up


def consent(clock: FixedClock, **changes: Any) -> dict[str, Any]:
    given_at = clock.at.isoformat()
    return {"version": TEXT.version, "given_at": given_at, "name": NAME, "mobile": MOBILE, **changes}


def refer(caller: Caller, clock: FixedClock, **changes: Any) -> Any:
    body = {"subject": PERSON, "partner": CODE, "consent": consent(clock), **changes}
    return caller.post("/referrals", body)


def tell_all(hub: Hub) -> int:
    """Every message that is due was tried once; gives how many."""
    with hub.reading(HUB) as tx:
        due = [job.argument for job in handing_over.jobs_due(tx, limit=100)]
    for each in due:
        handing_over.tell(hub, hub.partners, each)
    return len(due)


def read(caller: Caller, referral_id: str) -> Any:
    return made(caller.get(f"/referrals/{referral_id}", query_string={"subject": PERSON}), 200)


def answered(web: FlaskClient, hub: Hub, far: FarPartner, referral_id: str, outcome: str, **beside: Any) -> Any:
    headers, body = far.answer(referral_id, outcome, at=hub.real_clock.now(), **beside)
    return web.post(f"/partners/{CODE}/answers", data=body, headers=headers)


def rows(hub: Hub, table: Any) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def require_sound(hub: Hub) -> None:
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []


def test_partners_stand_by_name_with_nominal_and_effective_cost_and_its_basis(host_app: Caller, hub: Hub) -> None:
    add_partner(hub, "zz-first", name_zh="阿里示例小贷", name_en="First")
    add_partner(hub)
    answer = made(host_app.get("/referral-partners"), 200)
    names = [each["name_zh"] for each in answer["items"]]
    assert names == sorted(names)
    [anxin] = [each for each in answer["items"] if each["code"] == CODE]
    assert anxin["licence_no"] == "L0001H211000001"
    assert (anxin["example_principal_fen"], anxin["total_fen"]) == (1_000_000, 1_008_000)
    [cost] = anxin["costs"]
    assert (cost["nominal_percent"], cost["effective_percent"]) == ("9.60", "10.03")
    assert (cost["kind"], cost["payments_fen"], len(cost["days"])) == ("at_the_end", [1_008_000], 1)
    assert answer["consent_text"]["sha256"] == TEXT.sha256


def test_a_partner_without_a_secret_or_switched_off_is_shown_to_nobody(
    host_app: Caller, hub: Hub, clock: FixedClock
) -> None:
    add_partner(hub)
    with hub.writing(HUB) as tx:
        partners.switch(tx, CODE, is_off=True)
    assert made(host_app.get("/referral-partners"), 200)["items"] == []
    for code in (CODE, "nobody"):
        refused = refer(host_app, clock, partner=code)
        assert (refused.status_code, json_of(refused)["code"]) == (422, "partner_not_licensed")
    assert rows(hub, ReferralRecord) == 0


def test_what_is_only_shown_is_told_to_nobody(host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock) -> None:
    shown = made(refer(host_app, clock, consent=None), 201)
    assert (shown["status"], shown["consent"], shown["handed_over"]) == ("shown", None, None)
    assert made(refer(host_app, clock, consent=None), 200)["id"] == shown["id"]
    assert (tell_all(hub), far.heard) == (0, [])
    require_sound(hub)


def test_the_partner_is_given_name_and_mobile_and_nothing_else(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    made(host_app.put("/bills/one", NOVEMBER), 201)
    first = made(refer(host_app, clock), 201)
    assert (first["status"], first["arrived_at"]) == ("handed_over", None)
    assert first["consent"]["sha256"] == TEXT.sha256
    assert made(refer(host_app, clock), 200)["id"] == first["id"]
    assert tell_all(hub) == 1
    given = {"version": TEXT.version, "sha256": TEXT.sha256, "given_at": far.said()[0]["data"]["consent"]["given_at"]}
    data = {"referral": first["id"], "name": NAME, "mobile": MOBILE, "consent": given}
    assert far.said() == [{"type": "referral.handed_over", "data": data}]
    assert read(host_app, first["id"])["answer_due_at"] is not None
    assert tell_all(hub) == 0
    require_sound(hub)


def test_every_attempt_sends_the_same_bytes_after_growing_waits(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    made(refer(host_app, clock), 201)
    far.answers = [500, 503]
    waits = []
    for _ in range(3):
        assert tell_all(hub) == 1
        assert tell_all(hub) == 0
        with hub.reading(HUB) as tx:
            [message] = tx.session.scalars(sa.select(ReferralMessageRecord))
            next_try_at = message.next_try_at
        if next_try_at is not None:
            waits.append(next_try_at - clock.at)
            clock.at = next_try_at + timedelta(seconds=5)
    assert len(far.heard) == 1
    assert len(waits) == 2
    assert waits[0] < waits[1]
    with hub.reading(HUB) as tx:
        [message] = tx.session.scalars(sa.select(ReferralMessageRecord))
        assert (message.status, message.attempts, message.body_sealed) == ("told", 3, None)


def test_an_overdue_bill_is_refused_with_a_link_to_the_negotiation(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    made(host_app.put("/bills/one", {**NOVEMBER, "is_overdue": True}), 201)
    for body in (None, consent(clock)):
        refused = refer(host_app, clock, consent=body)
        problem = json_of(refused)
        assert (refused.status_code, problem["code"], problem["link"]) == (409, "already_overdue", "/apply/")
    assert (rows(hub, ReferralRecord), rows(hub, ReferralConsentRecord), far.heard) == (0, 0, [])
    english = host_app.post("/referrals", {"subject": PERSON, "partner": CODE}, headers={"Accept-Language": "en"})
    assert json_of(english)["detail"].isascii()


def test_a_bill_that_becomes_overdue_after_the_page_was_shown_stops_the_consent(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    made(refer(host_app, clock, consent=None), 201)
    made(host_app.put("/bills/one", {**NOVEMBER, "is_overdue": True}), 201)
    assert json_of(refer(host_app, clock))["code"] == "already_overdue"
    assert (rows(hub, ReferralConsentRecord), tell_all(hub)) == (0, 0)


def test_an_agreement_in_force_is_refused_with_calm_words(
    host_app: Caller, hub: Hub, agreed: str, far: FarPartner, clock: FixedClock
) -> None:
    subject = subject_of(hub, agreed)
    refused = refer(host_app, clock, subject=subject)
    assert (refused.status_code, json_of(refused)["code"]) == (409, "new_credit_promised")
    assert "请银行调整" in json_of(refused)["detail"]
    assert (rows(hub, ReferralRecord), far.heard) == (0, [])


def test_revoking_stops_the_hand_over_at_once_and_tells_the_partner(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    first = made(refer(host_app, clock), 201)
    far.answers = [500]
    assert tell_all(hub) == 1
    before = clock.at
    revoked = made(host_app.post(f"/referrals/{first['id']}/revoke", {"subject": PERSON}), 200)
    assert (revoked["status"], revoked["handed_over"]) == ("revoked", None)
    assert revoked["consent"]["revoked_at"] is not None
    assert tell_all(hub) == 1
    assert clock.at - before < timedelta(minutes=1)
    assert far.said() == [{"type": "referral.ended", "data": {"referral": first["id"], "reason": "revoked"}}]
    assert made(host_app.post(f"/referrals/{first['id']}/revoke", {"subject": PERSON}), 200) == revoked
    clock.at += timedelta(days=2)
    assert tell_all(hub) == 0
    assert all(NAME.encode() not in body for _, body in far.heard)
    assert (rows(hub, ReferralConsentRecord), rows(hub, ReferralRevocationRecord)) == (1, 1)
    require_sound(hub)


def test_a_revocation_while_the_call_is_under_way_still_reaches_the_partner_last(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(refer(host_app, clock), 201)

    def meanwhile(step: str) -> None:
        if step == "partner.before_tell" and not far.heard:
            monkeypatch.setattr("hub.steps.on_step", lambda _: None)
            made(host_app.post(f"/referrals/{first['id']}/revoke", {"subject": PERSON}), 200)

    monkeypatch.setattr("hub.steps.on_step", meanwhile)
    assert tell_all(hub) == 1
    assert tell_all(hub) == 1
    assert [each["type"] for each in far.said()] == ["referral.handed_over", "referral.ended"]
    assert read(host_app, first["id"])["status"] == "revoked"
    require_sound(hub)


@pytest.mark.parametrize(("outcome", "beside"), [("declined", {}), ("contracted", {"annual_percent": "9.60"})])
def test_the_partners_answer_counts_once(
    host_app: Caller, hub: Hub, web: FlaskClient, far: FarPartner, clock: FixedClock, outcome: str, beside: Any
) -> None:
    first = made(refer(host_app, clock), 201)
    tell_all(hub)
    for _ in range(2):
        assert answered(web, hub, far, first["id"], outcome, **beside).status_code == 204
    assert read(host_app, first["id"])["status"] == outcome
    other = "declined" if outcome == "contracted" else "contracted"
    reused = answered(web, hub, far, first["id"], other, annual_percent="9.60")
    assert (reused.status_code, reused.json["code"]) == (409, "event_id_reused")
    late = answered(web, hub, far, first["id"], outcome, event_id="answer-2", annual_percent="9.60")
    assert (late.status_code, late.json["code"]) == (409, "status_conflict")
    refused = host_app.post(f"/referrals/{first['id']}/revoke", {"subject": PERSON})
    assert json_of(refused)["code"] == "status_conflict"
    require_sound(hub)


def test_an_answer_that_the_partner_did_not_sign_is_not_believed(
    host_app: Caller, hub: Hub, web: FlaskClient, far: FarPartner, clock: FixedClock
) -> None:
    first = made(refer(host_app, clock), 201)
    headers, body = far.answer(first["id"], "declined", at=hub.real_clock.now())
    path = f"/partners/{CODE}/answers"
    assert web.post(path, data=body).status_code == 401
    assert web.post(path, data=body + b" ", headers=headers).status_code == 401
    assert web.post("/partners/nobody/answers", data=body, headers=headers).status_code == 404
    old, _ = far.answer(first["id"], "declined", at=hub.real_clock.now() - timedelta(hours=1))
    assert web.post(path, data=body, headers=old).status_code == 401
    add_partner(hub, "another")
    assert web.post("/partners/another/answers", data=body, headers=headers).status_code == 401
    assert read(host_app, first["id"])["status"] == "handed_over"


def test_a_partner_answers_no_referral_of_another(
    host_app: Caller, hub: Hub, web: FlaskClient, far: FarPartner, clock: FixedClock
) -> None:
    first = made(refer(host_app, clock), 201)
    # Signed as it should be, with the other's own secret.
    far.secret = add_partner(hub, "another")
    headers, body = far.answer(first["id"], "declined", at=hub.real_clock.now())
    answer = web.post("/partners/another/answers", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert read(host_app, first["id"])["status"] == "handed_over"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"outcome": "contracted"}, 422, "invalid_input"),
        ({"outcome": "contracted", "annual_percent": "18.01"}, 422, "partner_not_licensed"),
        ({"outcome": "perhaps"}, 422, "invalid_input"),
        ({"outcome": "declined", "amount_fen": 1}, 422, "invalid_input"),
        ({"referral": "0" * 32, "outcome": "declined"}, 404, "not_found"),
    ],
)
def test_what_a_partner_may_not_say_writes_nothing(
    host_app: Caller,
    hub: Hub,
    web: FlaskClient,
    far: FarPartner,
    clock: FixedClock,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    first = made(refer(host_app, clock), 201)
    given = {"referral": first["id"], **changes}
    answer = answered(web, hub, far, given.pop("referral"), given.pop("outcome"), **given)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert read(host_app, first["id"])["status"] == "handed_over"


def test_without_an_answer_it_lapses_after_thirty_days_and_the_partner_is_told(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    first = made(refer(host_app, clock), 201)
    tell_all(hub)
    clock.at += timedelta(days=30)
    sweeps.run_due(hub)
    lapsed = read(host_app, first["id"])
    assert (lapsed["status"], lapsed["handed_over"], lapsed["lapses_at"]) == ("lapsed", None, None)
    tell_all(hub)
    assert far.said()[-1] == {"type": "referral.ended", "data": {"referral": first["id"], "reason": "lapsed"}}
    require_sound(hub)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"version": "2020-01"}, ("/consent/version", "consent_version")),
        ({"given_at": "2020-01-01T00:00:00Z"}, ("/consent/given_at", "consent_before_its_text")),
        ({"given_at": "2999-01-01T00:00:00Z"}, ("/consent/given_at", "time_in_future")),
        ({"name": ""}, ("/consent/name", "name_required")),
        ({"mobile": "12"}, ("/consent/mobile", "mobile")),
        ({"pin": "1234"}, ("/consent/pin", "card_secret_refused")),
        ({"load": 1}, ("/consent/load", "unknown_field")),
    ],
)
def test_what_is_refused_writes_nothing(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock, changes: Any, fault: tuple[str, str]
) -> None:
    assert fault in faults_of(refer(host_app, clock, consent=consent(clock, **changes)))
    assert (rows(hub, ReferralRecord), rows(hub, ReferralMessageRecord)) == (0, 0)


@pytest.mark.parametrize("ahead", [timedelta(minutes=5, seconds=1), timedelta(days=400)])
def test_a_consent_of_the_future_is_refused_also_where_one_is_there(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock, ahead: timedelta
) -> None:
    first = made(refer(host_app, clock), 201)
    later = consent(clock, given_at=(clock.at + ahead).isoformat())
    for _ in range(2):
        assert faults_of(refer(host_app, clock, consent=later)) == {("/consent/given_at", "time_in_future")}
    slightly = consent(clock, given_at=(clock.at + timedelta(minutes=5)).isoformat())
    assert made(refer(host_app, clock, consent=slightly), 200) == read(host_app, first["id"])
    assert read(host_app, first["id"])["consent"] == first["consent"]
    assert (rows(hub, ReferralConsentRecord), rows(hub, ReferralMessageRecord)) == (1, 1)


def test_a_client_sees_its_own_people_alone(
    host_app: Caller, caller: AddCaller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    first = made(refer(host_app, clock), 201)
    stranger = caller("another-app", "applications:read", "applications:write")
    address = f"/referrals/{first['id']}"
    assert made(stranger.get("/referrals", query_string={"subject": PERSON}), 200)["items"] == []
    assert stranger.get(address, query_string={"subject": PERSON}).status_code == 404
    assert stranger.post(f"{address}/revoke", {"subject": PERSON}).status_code == 404
    assert host_app.get(address, query_string={"subject": "person-2"}).status_code == 404
    assert host_app.get(address).status_code == 422
    mine = made(host_app.get("/referrals", query_string={"subject": PERSON}), 200)["items"]
    assert [each["id"] for each in mine] == [first["id"]]


def test_no_bank_learns_of_a_referral(
    bank_app: Callable[[str], Caller], host_app: Caller, far: FarPartner, clock: FixedClock
) -> None:
    made(refer(host_app, clock), 201)
    bank = bank_app("01020000")
    for path in ("/referral-partners", f"/referrals?subject={PERSON}"):
        assert bank.get(path).status_code == 403


def test_whoever_is_erased_is_revoked_first_and_leaves_a_consent_that_names_nobody(
    host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock
) -> None:
    first = made(refer(host_app, clock), 201)
    erase(host_app, PERSON)
    assert (rows(hub, ReferralRecord), rows(hub, BillRecord)) == (0, 0)
    assert (rows(hub, ReferralConsentRecord), rows(hub, ReferralRevocationRecord)) == (1, 1)
    tell_all(hub)
    assert far.said() == [{"type": "referral.ended", "data": {"referral": first["id"], "reason": "revoked"}}]
    with hub.reading(HUB) as tx:
        assert referral_messages.list_disagreeing(tx) == []
    require_sound(hub)


def test_a_key_that_comes_twice_refers_once(host_app: Caller, hub: Hub, far: FarPartner, clock: FixedClock) -> None:
    body = {"subject": PERSON, "partner": CODE, "consent": consent(clock)}
    answers = [host_app.post("/referrals", body, key="one") for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert json.loads(answers[0].data) == json.loads(answers[1].data)
    assert rows(hub, ReferralMessageRecord) == 1
