"""A bank tells by API that it has transferred its claim."""

from collections.abc import Callable

from tests.applications import CMB, terms
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

TO = {"name": "某某资产管理有限公司", "contact": "4000000000", "transferred_on": "2026-11-20"}


def test_the_person_reads_to_whom_it_went(icbc: Caller, host_app: Caller, delivered: str) -> None:
    told = made(icbc.post(f"/bank{delivered}/transfer", TO), 200)
    assert told["status"] == "rejected"
    shown = made(host_app.get(delivered), 200)
    assert shown["transferred_to"] == {**TO, "text": "", "bank_code": None}
    assert made(icbc.get(f"/bank{delivered}"), 200)["transferred_to"]["name"] == TO["name"]
    again = icbc.post(f"/bank{delivered}/transfer", {**TO, "name": "另一家公司"})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_transferred")
    assert "已经通知过债权转让" in again.get_data(as_text=True)


def test_what_is_missing_or_ahead_is_refused(icbc: Caller, delivered: str) -> None:
    assert faults_of(icbc.post(f"/bank{delivered}/transfer", {"contact": " "})) == {
        ("/name", "required"),
        ("/contact", "text_required"),
        ("/transferred_on", "required"),
    }
    ahead = icbc.post(f"/bank{delivered}/transfer", {**TO, "transferred_on": "2026-11-22"})
    assert faults_of(ahead) == {("/transferred_on", "date_in_future")}


def test_it_is_409_while_an_offer_is_open_and_404_to_another_bank(
    icbc: Caller, bank_app: Callable[[str], Caller], delivered: str
) -> None:
    assert bank_app(CMB).post(f"/bank{delivered}/transfer", TO).status_code == 404
    made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    assert icbc.post(f"/bank{delivered}/transfer", TO).status_code == 409
