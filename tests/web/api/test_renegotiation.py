"""Applying again over a card by the API, where the bank takes no more of it."""

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks
from tests.applications import CMB, ICBC, application, person, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made


@pytest.fixture
def replaced(host_app: Caller, icbc: Caller, sms: SentMessages, work_off: Callable[[], int], hub: Hub) -> Hub:
    """Two agreements over one card, the second in the place of the first; the bank takes no renegotiation."""
    for _ in range(2):
        sent = made(host_app.post("/applications", application(ICBC, applicant=person(7), evidence=[])), 201)
        path = f"/negotiations/{sent['negotiations'][0]['id']}"
        work_off()
        offer = made(icbc.post(f"/bank{path}/offers", {"terms": terms()}))["id"]
        made(host_app.post(f"{path}/offers/{offer}/confirmation-codes"), 202)
        code = {"confirmation_code": sms.sent[-1][1][:6]}
        made(host_app.post(f"{path}/offers/{offer}/accept", code), 200)
    with hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"max_renegotiations": "0", "hotline": "95588"})
    return hub


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", "您可以拨打银行热线 95588，直接和银行商量。"), ("en", "call the bank's hotline 95588")],
)
def test_it_is_a_conflict_with_a_code_and_a_sentence_that_says_whom_to_call(
    host_app: Caller, replaced: Hub, language: str, words: str
) -> None:
    body = application(ICBC, CMB, applicant=person(7), evidence=[])
    refused = host_app.post("/applications", body, headers={"Accept-Language": language})
    told = refused.get_json()
    assert (refused.status_code, told["code"], told["bank_code"], told["limit"]) == (
        409,
        "renegotiations_exhausted",
        ICBC,
        0,
    )
    assert words in told["detail"]
    assert len(made(host_app.get("/negotiations"), 200)["items"]) == 2


def test_without_a_hotline_the_sentence_names_none(host_app: Caller, replaced: Hub) -> None:
    with replaced.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"hotline": ""})
    refused = host_app.post("/applications", application(ICBC, applicant=person(7), evidence=[]))
    assert refused.get_json()["detail"].endswith("您可以直接联系银行商量。")
    made(host_app.post("/applications", application(CMB, applicant=person(7), evidence=[])), 201)
