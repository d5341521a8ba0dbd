"""The operator's pages: what is stuck is sent again, notices are imported, and nothing of a person is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hub.domain.bank import Bank
from hub.domain.errors import RefusedForGood
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit
from tests.web.pages.operator import Operator
from tests.web.pages.ops.stuck import refuse_a_mail

PAGES = (
    "/ops/",
    "/ops/tasks",
    "/ops/deliveries",
    "/ops/jobs",
    "/ops/mails",
    "/ops/clocks",
    "/ops/calendar",
    "/ops/banks",
    "/ops/keys",
    "/ops/audit",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_both_languages(operator: Operator, path: str) -> None:
    assert "运行情况" in operator.read(path)
    english = operator.read(f"{path}?lang=en")
    main = re.sub(r"<[^>]+>", " ", english[english.index("<main") : english.index("</main>")])
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"中国工商银行|招商银行|国办发明电〔\d+〕\d+号", "", main)), main


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("person", [None, "cardholder-1", f"reviewer-{ICBC}", f"bank-admin-{ICBC}"])
def test_nobody_else_gets_in(web: FlaskClient, banks: dict[str, Bank], path: str, person: str | None) -> None:
    if person is not None:
        web.post("/demo/sign-in", data={"person": person})
    answer = web.get(path)
    if person is not None and person != "cardholder-1":
        assert answer.status_code == 403
    else:
        assert (answer.status_code, answer.location) == (303, f"/sign-in/staff?next={path}")


def test_no_page_shows_anything_of_a_person(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(RefusedForGood("no"))
    submitted(CMB)
    submitted(ICBC)
    work_off()
    refuse_a_mail(hub)
    for path in (*PAGES, f"/ops/banks/{ICBC}"):
        page = operator.read(path)
        assert "王小明" not in page
        assert not re.search(r"(?<![0-9a-f])(1[3-9]\d{9}|\d{15,19}[Xx]?)(?![0-9a-f])", page), path
        assert "xm@" not in page


@pytest.mark.parametrize(
    "action", ["deliveries/send-again", "deliveries/try-now", "jobs/send-again", "mails/send-again"]
)
def test_a_form_without_this_sites_token_is_refused(operator: Operator, action: str) -> None:
    assert operator.send(f"/ops/{action}", {"reference": "x", "id": "x", "key": "x"}).status_code == 400
