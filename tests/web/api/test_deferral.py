"""A bank says by the API that it decides later."""

from collections.abc import Callable

import pytest

from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

SAID = {"decision_by": "2026-12-04", "text": "已登记，正在核对账户"}


def test_both_sides_see_the_day(icbc: Caller, host_app: Caller, delivered: str) -> None:
    told = made(icbc.post(f"/bank{delivered}/defer-decision", SAID), 200)
    assert (told["status"], told["decision_deferred"]) == ("in_review", SAID)
    assert made(host_app.get(delivered), 200)["decision_deferred"] == SAID
    assert made(icbc.get(f"/bank{delivered}"), 200)["decision_deferred"] == SAID


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({**SAID, "decision_by": "2026-11-21"}, ("/decision_by", "decision_by_range")),
        ({**SAID, "decision_by": "2027-01-30"}, ("/decision_by", "decision_by_range")),
        ({**SAID, "decision_by": "soon"}, ("/decision_by", "date_form")),
        ({"decision_by": "2026-12-04"}, ("/text", "required")),
    ],
)
def test_what_is_refused_changes_nothing(
    icbc: Caller, host_app: Caller, delivered: str, body: dict[str, str], fault: tuple[str, str]
) -> None:
    refused = icbc.post(f"/bank{delivered}/defer-decision", body)
    assert (refused.status_code, faults_of(refused)) == (422, {fault})
    assert made(host_app.get(delivered), 200)["status"] == "awaiting_bank"


def test_another_banks_word_is_unknown(bank_app: Callable[[str], Caller], delivered: str) -> None:
    assert bank_app("03080000").post(f"/bank{delivered}/defer-decision", SAID).status_code == 404


def test_after_the_answer_it_comes_too_late(icbc: Caller, delivered: str) -> None:
    made(icbc.post(f"/bank{delivered}/reject", {"reason_code": "other", "text": "不行"}), 200)
    refused = icbc.post(f"/bank{delivered}/defer-decision", SAID)
    assert (refused.status_code, refused.get_json()["status_now"]) == (409, "rejected")
