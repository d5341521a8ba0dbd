"""Requests beside negotiations as a clerk and a person find them: one queue, one list."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.accounts import subjects
from hub.wiring import Hub
from storage import service_requests
from storage.drafts import FORM_CLIENT
from tests.applications import CITIC, ICBC
from tests.conftest import SentMessages
from tests.services.requests.asking import open_one, tiny_kind
from tests.web.pages.cardholders import texted
from tests.web.pages.conftest import Visit

__all__ = ["tiny_kind"]
MOBILE = "13911119999"


@pytest.fixture
def asked(hub: Hub, banks: dict[str, Bank], tiny_kind: None, work_off: Callable[[], int]) -> tuple[str, str]:
    """The matter and the reference of a request of a person who signs in by text message."""
    with hub.writing(HUB) as tx:
        indexes = tuple(tx.keyring.indexes(MOBILE, purpose="mobile"))
        subject = subjects.Subject(indexes=indexes, client_id=FORM_CLIENT)
        record = open_one(tx, ICBC, subject=subject)
        return record.matter_id, record.reference


def test_the_queue_has_a_tab_of_requests_with_their_kind_and_due_group(visit: Visit, asked: tuple[str, str]) -> None:
    matter, reference = asked
    clerk = visit(f"reviewer-{ICBC}")
    queue = clerk.get("/portal/").get_data(as_text=True)
    assert re.search(r'href="/portal/requests"[^>]*>\s*办理事项', queue)
    assert f"/portal/requests/{matter}" in queue
    page = clerk.get("/portal/requests").get_data(as_text=True)
    for words in (reference, "反映扣款", "等银行答复"):
        assert words in page
    assert reference in clerk.get("/portal/requests?kind=deduction").get_data(as_text=True)
    assert reference not in clerk.get("/portal/requests?kind=appointment").get_data(as_text=True)
    shown = clerk.get(f"/portal/requests/{matter}").get_data(as_text=True)
    assert reference in shown
    assert "扣款与约定不符" in shown
    assert "我来经办" in shown


def test_a_clerk_takes_a_request_over_and_finds_it_among_their_own(visit: Visit, asked: tuple[str, str]) -> None:
    matter, reference = asked
    clerk = visit(f"reviewer-{ICBC}")
    assert reference not in clerk.page("/portal/requests?whose=mine")
    page = clerk.page("/portal/requests?whose=unassigned")
    assert reference in page
    found = re.search(r'name="owner" value="([^"]+)">我来经办', page)
    assert found is not None
    taken = clerk.post(f"/portal/requests/{matter}/owner", {"once": "a" * 32, "owner": found[1], "seen_owner": ""})
    assert (taken.status_code, taken.headers["Location"]) == (303, "/portal/requests")
    assert reference in clerk.page("/portal/requests?whose=mine")
    assert reference not in clerk.page("/portal/requests?whose=unassigned")
    assert "转交" in clerk.page("/portal/requests")
    form = clerk.page(f"/portal/requests/{matter}/owner")
    assert f'value="{found[1]}" selected>' in form
    late = clerk.post(f"/portal/requests/{matter}/owner", {"once": "b" * 32, "owner": "", "seen_owner": ""})
    assert (late.status_code, "正在经办，所以没有改动" in late.get_data(as_text=True)) == (422, True)


def test_an_auditor_looks_and_assigns_nothing(visit: Visit, asked: tuple[str, str]) -> None:
    matter, reference = asked
    auditor = visit(f"auditor-{ICBC}")
    page = auditor.page("/portal/requests")
    assert reference in page
    assert "我来经办" not in page
    assert auditor.get(f"/portal/requests/{matter}/owner").status_code in (403, 404)


def test_the_queue_says_how_many_are_due_and_leads_there(
    hub: Hub, clock: FixedClock, visit: Visit, asked: tuple[str, str]
) -> None:
    clerk = visit(f"reviewer-{ICBC}")
    assert "件办理事项今天到期或已超时" not in clerk.page("/portal/")
    with hub.reading(HUB) as tx:
        (record,) = service_requests.list_of_matter(tx, asked[0])
        clock.at = record.due_at
    page = visit(f"reviewer-{ICBC}").page("/portal/")
    assert '<a href="/portal/requests">另有 1 件办理事项今天到期或已超时</a>' in page


def test_another_banks_clerk_sees_nothing_of_it(visit: Visit, asked: tuple[str, str]) -> None:
    matter, reference = asked
    clerk = visit(f"reviewer-{CITIC}")
    assert reference not in clerk.get("/portal/requests").get_data(as_text=True)
    assert clerk.get(f"/portal/requests/{matter}").status_code == 404


def test_the_person_has_it_in_one_list_with_negotiations(
    app: Flask, sms: SentMessages, visit: Visit, asked: tuple[str, str]
) -> None:
    matter, reference = asked
    person = texted(app, sms, MOBILE)
    home = person.open("/my/")
    assert "反映扣款" in home.text
    assert f"/my/requests/{matter}" in home.links
    assert reference in person.open(f"/my/requests/{matter}").text
    stranger = texted(app, sms, "13911118888")
    assert "反映扣款" not in stranger.open("/my/").text
    assert stranger.open(f"/my/requests/{matter}").status == 404
