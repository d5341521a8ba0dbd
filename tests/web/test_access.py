"""Who is let in: every route says for whom it is, and another's thing answers as one that is not there."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.doubts import Doubt, DoubtKind
from hub.wiring import Hub
from storage import doubts, negotiation_locks
from tests.applications import CMB, ICBC, person, terms
from tests.conftest import AddCaller, SentMessages, Submit, Submitted
from tests.services.instalments import asked_about_instalments
from tests.web.caller import API, Caller, made

UNKNOWN = "0" * 32


def test_every_route_says_for_whom_it_is(app: Flask) -> None:
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    assert silent == []


def test_only_what_has_to_be_is_open_to_everybody(app: Flask) -> None:
    open_rules = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and getattr(app.view_functions[rule.endpoint], "access", "") == "everybody"
    }
    # A calculation knows nobody and keeps nothing, nor does an estimate.
    assert open_rules == {f"{API}/openapi.json", f"{API}/calculations", f"{API}/instalment-estimates"}


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer ", "Bearer wrong", "Basic dXNlcjpwYXNz", "bearer\tx", "Bearer 王"],
)
def test_no_token_or_a_bad_one_is_401(web: FlaskClient, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode().decode("latin-1")}
    answer = web.get(f"{API}/banks", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def calls_of(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, path with unknown ids, for whom) of every route that needs a token."""
    for rule in app.url_map.iter_rules():
        whom = getattr(app.view_functions[rule.endpoint], "access", "")
        if rule.rule.startswith(API) and whom != "everybody":
            path = rule.rule.removeprefix(API)
            for name in rule.arguments:
                path = path.replace(f"<id:{name}>", UNKNOWN)
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                yield method, path, whom


def test_no_route_is_open_without_a_token(app: Flask, web: FlaskClient) -> None:
    calls = list(calls_of(app))
    assert len(calls) > 35
    for method, path, _ in calls:
        assert web.open(API + path, method=method).status_code == 401, (method, path)


def test_each_route_names_the_scope_that_is_missing(app: Flask, caller: AddCaller) -> None:
    nobody = caller("without scopes")
    for method, path, whom in calls_of(app):
        answer = nobody.call(method, path)
        assert answer.status_code == 403, (method, path)
        assert answer.get_json()["scope"] == whom.split(" or ")[0]


def test_the_banks_scope_does_nothing_for_a_client_without_a_bank(app: Flask, caller: AddCaller) -> None:
    unbound = caller("unbound", "negotiations:review")
    for method, path, whom in calls_of(app):
        if whom == "negotiations:review":
            assert unbound.call(method, path).status_code == 403, (method, path)


NOT_OF_NEGOTIATIONS = {"bill_id", "bank_code", "number", "place_id", "slot_id", "appointment_id"}
FORM = {"at": "2026-11-21T10:00:00+08:00", "text": "通话", "direction": "inbound"}
ACCOUNTS: dict[str, object] = {"accounts": [], "finances": {}, "evidence": []}
BODIES: dict[str, object] = {
    "quotes": {
        "as_of": "2026-11-24",
        "valid_until": "2026-11-27",
        "pay_by": "2026-12-01",
        "remaining_principal_fen": 1_100_000,
        "interest_to_date_fen": 0,
        "pay_fen": 1_100_000,
    },
    "done": {"paid_on": "2026-11-21"},
    "messages": {"text": "你好"},
    "offers": {"terms": terms()},
    "accept": {"confirmation_code": "123456"},
    "decline": {"text": ""},
    "withdraw": {"text": ""},
    "correction": ACCOUNTS,
    "request-evidence": {"kinds": ["payslip"], "text": ""},
    "defer-decision": {"decision_by": "2026-12-01", "text": "正在核对"},
    "reject": {"reason_code": "other", "text": "不行"},
    "payments": {"number": 1, "paid_on": "2026-11-21", "amount_fen": 1},
    "missed": {"number": 1},
    "identity": {"matches": True, "text": ""},
    "legal-stage": {"legal_stage": "sued"},
    "credit-notes": {"kind": "settled", "text": "请核对"},
    "complaints": {"sent_on": "2026-11-20", "channel": "letter"},
    "transfer": {"name": "甲公司", "contact": "4000000000", "transferred_on": "2026-11-20"},
    "hold-applied": {"by": "甲公司", "at": "2026-11-21T10:00:00+08:00"},
    "collection-reports": {"at": "2026-11-21T10:00:00+08:00", "channel": "phone", "text": "来过电话"},
    "answer": {"text": "已停止"},
    "end": {"reason": "settled"},
    "early-settlement": {"settle_on": "2026-12-10"},
    "quote": {
        "principal_fen": 1_850_000,
        "interest_fen": 0,
        "fee_fen": 0,
        "valid_until": "2026-12-05T18:00:00+08:00",
    },
    "refuse": {"text": "不行"},
    "pay-day": {"day": 5},
    "owner": {"email": None},
    "check": {"verdict": "checked"},
    "evidenced-figures": {"line": "income", "amount_fen": 1},
    "take-back": {"line": "income"},
    "consents/withdraw": {"purpose": "sensitive_data"},
    "accounts": {
        "card_first6": "622210",
        "card_last4": "8003",
        "principal_fen": 1,
        "interest_fen": 0,
        "fees_fen": 0,
        "penalty_fen": 0,
        "text": "",
    },
}


def send(who: Caller, method: str, path: str) -> TestResponse:
    last = path.rpartition("/")[2]
    if last in {"calls", "call-records"}:
        fields = FORM if last == "calls" else {name: FORM[name] for name in ("at", "text")}
        return who.post(path, data=fields, content_type="multipart/form-data")
    if method == "POST":
        deed = next((each for each in BODIES if "/" in each and path.endswith(f"/{each}")), last)
        return who.post(path, BODIES.get("missed" if path.endswith("/missed/withdraw") else deed))
    return who.call(method, path, json=BODIES[last]) if method == "PUT" else who.call(method, path)


def agreed(
    hub: Hub, host: Caller, bank: Caller, submitted: Submit, work_off: Callable[[], int], sms: SentMessages
) -> tuple[Submitted, dict[str, str]]:
    """A negotiation of these two with everything there can be of one, and the ids of what hangs on it."""
    theirs = submitted(ICBC, client=host.client)
    work_off()
    path = f"/negotiations/{theirs.negotiation}"
    account = made(bank.post(f"/bank{path}/accounts", BODIES["accounts"]))["id"]
    offer = made(bank.post(f"/bank{path}/offers", {"terms": terms()}))["id"]
    made(host.post(f"{path}/offers/{offer}/confirmation-codes"), 202)
    made(host.post(f"{path}/offers/{offer}/accept", {"confirmation_code": sms.sent[-1][1][:6]}), 200)
    work_off()
    report = made(host.post(f"{path}/collection-reports", BODIES["collection-reports"]))["id"]
    note = made(host.post(f"{path}/credit-notes", BODIES["credit-notes"]))["id"]
    asked = made(host.post(f"{path}/agreement/pay-day", BODIES["pay-day"]))["pay_day"]["id"]
    with hub.writing(HUB) as tx:
        found = Doubt(kind=DoubtKind.SUMS_DIFFER, facts={"declared_fen": 500_000, "shown_fen": 812_350})
        doubt = doubts.add(tx, negotiation_locks.lock(tx, theirs.negotiation), found).id
    return theirs, {
        "offer_id": offer,
        "report_id": report,
        "account_id": account,
        "amendment_id": asked,
        "note_id": note,
        "doubt_id": doubt,
    }


def test_anothers_thing_answers_exactly_as_an_unknown_one(
    app: Flask,
    hub: Hub,
    host_app: Caller,
    caller: AddCaller,
    bank_app: Callable[[str], Caller],
    submitted: Submit,
    work_off: Callable[[], int],
    sms: SentMessages,
) -> None:
    theirs, hanging = agreed(hub, host_app, bank_app(ICBC), submitted, work_off, sms)
    ids = {
        "application_id": theirs.id,
        "negotiation_id": theirs.negotiation,
        "evidence_id": theirs.evidence[0],
        "subject": person()["subject"],
        "request_id": asked_about_instalments(hub),
        **hanging,
    }
    strangers = {
        "applications": caller("stranger", "applications:write", "applications:read"),
        "negotiations": bank_app(CMB),
    }
    with_their_person = NOT_OF_NEGOTIATIONS | {"mandate_id", "deduction_id", "referral_id"}
    tried = 0
    for rule in app.url_map.iter_rules():
        whom = getattr(app.view_functions[rule.endpoint], "access", "")
        # What a client calls by names of its own: the same name is another thing at another client (`test_bills`).
        # What is found with its person alone: `test_bills`, `test_mandates` and `test_revocations` ask for it.
        # So is what `test_instalments` asks for: the body names whose it is.
        of_person = whom.startswith("applications") and "request_id" in rule.arguments
        if of_person or not (rule.rule.startswith(API) and rule.arguments - with_their_person):
            continue
        known = unknown = rule.rule.removeprefix(API)
        for name in rule.arguments:
            known = known.replace(f"<id:{name}>", ids[name])
            unknown = unknown.replace(f"<id:{name}>", UNKNOWN)
        stranger = strangers[whom.partition(":")[0]]
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            theirs_answer, unknown_answer = send(stranger, method, known), send(stranger, method, unknown)
            assert theirs_answer.status_code == 404, (method, known, theirs_answer.data)
            assert theirs_answer.data == unknown_answer.data
            assert dict(theirs_answer.headers).keys() == dict(unknown_answer.headers).keys()
            tried += 1
    assert tried > 25


def test_a_bank_sees_nothing_of_what_has_not_reached_it(
    host_app: Caller, bank_app: Callable[[str], Caller], submitted: Submit
) -> None:
    waiting = submitted(ICBC, client=host_app.client)
    bank = bank_app(ICBC)
    assert bank.get(f"/bank/negotiations/{waiting.negotiation}").status_code == 404
    assert made(bank.get("/bank/negotiations?status=screening"), 200)["items"] == []


def test_lists_hold_only_the_callers_own(
    host_app: Caller,
    caller: AddCaller,
    bank_app: Callable[[str], Caller],
    submitted: Submit,
    work_off: Callable[[], int],
) -> None:
    submitted(ICBC, client=host_app.client)
    work_off()
    other = caller("other host", "applications:read")
    assert made(other.get("/negotiations"), 200)["items"] == []
    assert made(bank_app(CMB).get("/bank/negotiations"), 200)["items"] == []
    assert len(made(host_app.get("/negotiations"), 200)["items"]) == 1
