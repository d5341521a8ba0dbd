"""What is wrong with a request of an instalment deal is said at its place, before anybody is asked."""

from typing import Any

import pytest

from tests.web.api.faults import faults_of
from tests.web.api.test_instalments import ASKED, DEAL, offered_by_the_bank  # noqa: F401 - a fixture
from tests.web.caller import Caller


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"deal": None}, {("/deal", "required")}),
        (
            {"deal": None, "kind": None, "bank_code": None},
            {("/deal", "required"), ("/kind", "null"), ("/bank_code", "required")},
        ),
        ({"deal_id": "0" * 32}, {("/deal", "deal_or_deal_id")}),
        ({"card_last4": "6222100000000007"}, {("/card_last4", "card_last4_form")}),
        ({"deal": {**DEAL, "terms": 5}}, {("/deal/paid_terms", "all_terms_paid")}),
        ({"pay_password": "1"}, {("/pay_password", "card_secret_refused")}),
        ({"reason": "卡号 6222100000000007"}, {("/reason", "full_number_refused")}),
        ({"reason": "查询密码是 123456"}, {("/reason", "card_secret_refused")}),
        ({"deal_no": "6222100000000007"}, {("/deal_no", "full_number_refused")}),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    host_app: Caller, change: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    assert faults_of(host_app.post("/instalment-requests", {**ASKED, **change})) == faults
