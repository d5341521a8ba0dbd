"""What a bank offers beside the negotiation, turned on by the operator and by the bank itself."""

from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import NotFound, ServiceNotOffered
from hub.domain.service_request import Service
from hub.services.operating import banks as bank_services
from hub.web.problems import problem_of
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.web.pages.operator import Operator
from tests.web.pages.portal.test_bank import send as send_of_bank
from tests.web.pages.portal.test_people import send
from tests.web.pages.visitor import Visitor


def offered(hub: Hub, code: str = ICBC) -> tuple[Service, ...]:
    with hub.reading(HUB) as tx:
        return bank_services.get(tx, code).rules.services


def test_the_operator_turns_services_on_and_both_read_before_and_after(
    hub: Hub, app: Flask, banks: dict[str, Bank], operator: Operator
) -> None:
    web = operator
    answer = send(web, f"/ops/banks/{ICBC}/services", services=["reminders", "appointments"])
    assert answer.location == f"/ops/banks/{ICBC}?done=services-set"
    assert offered(hub) == (Service.REMINDERS, Service.APPOINTMENTS)
    assert offered(hub, CMB) == ()
    page = unescape(web.page(f"/ops/banks/{ICBC}"))
    assert "到期提醒、预约" in page
    send(web, f"/ops/banks/{ICBC}/services", services=["reminders"])
    assert offered(hub) == (Service.REMINDERS,)
    audit = unescape(web.page("/ops/audit"))
    assert "开通的服务" in audit
    assert send(web, f"/ops/banks/{ICBC}/services", services=["loans"]).status_code == 422
    assert send(web, "/ops/banks/99999999/services", services=["reminders"]).status_code == 404
    assert offered(hub) == (Service.REMINDERS,)


def test_the_bank_turns_its_own_services_on_and_off(hub: Hub, app: Flask, banks: dict[str, Bank]) -> None:
    admin = Visitor(app, f"bank-admin-{ICBC}")
    assert send_of_bank(admin, "/portal/bank", do="services", services=["mandates", "reminders"]).status_code == 303
    assert offered(hub) == (Service.REMINDERS, Service.MANDATES)
    shown = unescape(admin.page("/portal/bank"))
    assert "到期提醒、扣款授权" in shown
    assert send_of_bank(admin, "/portal/bank", do="services", services=["loans"]).status_code == 422
    assert send_of_bank(admin, "/portal/bank", do="services").status_code == 303
    assert offered(hub) == ()


def test_what_a_bank_does_not_offer_is_refused_calmly(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        bank_services.change(tx, ICBC, {"services": "reminders"})
        assert bank_services.require_service(tx, ICBC, Service.REMINDERS).code == ICBC
        with pytest.raises(ServiceNotOffered) as error:
            bank_services.require_service(tx, ICBC, Service.MANDATES)
        with pytest.raises(NotFound):
            bank_services.require_service(tx, "99999999", Service.MANDATES)
    problem = problem_of(error.value)
    assert problem is not None
    assert (problem.status, problem.code) == (409, "service_not_offered")
    assert "银行客服电话" in problem.plain("zh")["detail"]
