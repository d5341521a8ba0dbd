"""Where a debt stands in court, through the API: as the person said it, and as the bank does."""

from collections.abc import Callable

import pytest

from tests.applications import CMB, ICBC, account, application, terms
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

STATED = {"legal_stage": "enforced", "court": "北京市朝阳区人民法院", "case_number": "（2026）京0105执1234号"}


def test_the_person_says_it_and_the_banks_word_counts(icbc: Caller, delivered: str, host_app: Caller) -> None:
    assert made(host_app.get(delivered), 200)["legal_stage"] == "none"
    told = made(icbc.post(f"/bank{delivered}/legal-stage", STATED), 200)
    assert {name: told[name] for name in STATED} == STATED
    assert {name: made(host_app.get(delivered), 200)[name] for name in STATED} == STATED
    packet = made(icbc.get(f"/bank{delivered}"), 200)
    assert (packet["legal_stage"], packet["accounts"][0]["legal_stage"]) == ("enforced", "none")


def test_an_account_may_say_it(host_app: Caller) -> None:
    body = application(accounts=[account(ICBC, **{**STATED, "legal_stage": "sued"})])
    [there] = made(host_app.post("/applications", body))["negotiations"]
    assert (there["legal_stage"], there["court"]) == ("sued", STATED["court"])


def test_a_court_without_a_suit_is_refused(host_app: Caller, icbc: Caller, delivered: str) -> None:
    body = application(accounts=[account(ICBC, court="某法院")])
    assert faults_of(host_app.post("/applications", body)) == {("/accounts/0/legal_stage", "legal_stage_missing")}
    refused = icbc.post(f"/bank{delivered}/legal-stage", {**STATED, "legal_stage": "none"})
    assert faults_of(refused) == {("/legal_stage", "legal_stage_missing")}
    assert "请也选择诉讼情况" in refused.get_data(as_text=True)
    english = icbc.post(
        f"/bank{delivered}/legal-stage", {**STATED, "legal_stage": "none"}, headers={"Accept-Language": "en"}
    )
    assert "please also choose how far" in english.get_data(as_text=True)


@pytest.mark.parametrize("stage", [None, "lost"])
def test_an_unknown_stage_is_refused(icbc: Caller, delivered: str, stage: str | None) -> None:
    body = {} if stage is None else {"legal_stage": stage}
    found = faults_of(icbc.post(f"/bank{delivered}/legal-stage", body))
    assert [pointer for pointer, _ in found] == ["/legal_stage"]


def test_it_is_409_while_an_offer_is_open_and_404_to_another_bank(
    icbc: Caller, bank_app: Callable[[str], Caller], delivered: str
) -> None:
    assert bank_app(CMB).post(f"/bank{delivered}/legal-stage", STATED).status_code == 404
    made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    refused = icbc.post(f"/bank{delivered}/legal-stage", STATED)
    assert (refused.status_code, refused.get_json()["status_now"]) == (409, "open")
