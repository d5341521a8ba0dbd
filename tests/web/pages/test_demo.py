"""The demo's door: everybody of the contract comes in, nobody else does, and it is not there in production."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from hub.app import create_app
from hub.commands.serving import demo_is_open
from hub.demo import demonstration
from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import Unusable
from hub.mail.sms import SmsFolder
from hub.services.accounts import demo_accounts
from hub.services.reading import accounts
from hub.settings import Settings, parse_settings
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.web.pages.conftest import Visit


@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("cardholder-1", "/my/"),
        ("cardholder-2", "/my/"),
        ("cardholder-3", "/my/"),
        (f"reviewer-{ICBC}", "/portal/"),
        (f"supervisor-{CMB}", "/portal/"),
        (f"auditor-{ICBC}", "/portal/"),
        (f"bank-admin-{ICBC}", "/portal/"),
        ("operator", "/ops/"),
    ],
)
def test_everybody_of_the_demo_comes_in(visit: Visit, banks: dict[str, Bank], person: str, page: str) -> None:
    browser = visit()
    answer = browser.web.post("/demo/sign-in", data={"person": person})
    assert answer.status_code == 303
    assert answer.headers["Location"] == page
    browser.page(page)


@pytest.mark.parametrize(
    "person", ["", "nobody", "cardholder-4", "reviewer-99999999", "reviewer-", "operator-01020000"]
)
def test_nobody_else_does(visit: Visit, banks: dict[str, Bank], person: str) -> None:
    browser = visit()
    answer = browser.web.post("/demo/sign-in", data={"person": person})
    assert answer.status_code == 422
    assert "没有这个身份" in answer.get_data(as_text=True)
    assert browser.get("/portal/").status_code == 303


def test_the_page_offers_every_role_of_every_bank(visit: Visit, banks: dict[str, Bank]) -> None:
    text = visit().page("/demo/")
    for code in banks:
        for role in ("reviewer", "supervisor", "auditor", "bank-admin"):
            assert f'value="{role}-{code}"' in text


def test_a_second_supervisor_comes_in_where_there_is_one(visit: Visit, hub: Hub, banks: dict[str, Bank]) -> None:
    browser, word = visit(), f"supervisor-2-{ICBC}"
    assert word not in browser.page("/demo/")
    assert browser.web.post("/demo/sign-in", data={"person": word}).status_code == 422
    with hub.writing(HUB) as tx:
        demonstration.add_lender(tx)
        demo_people.add_accounts(tx)
        demo_people.add_colleagues(tx)
    assert f'value="{word}"' in browser.page("/demo/")
    assert browser.web.post("/demo/sign-in", data={"person": word}).status_code == 303
    assert "方涛" in browser.page("/portal/").partition('class="side-who"')[2].partition("</p>")[0]


def test_the_door_makes_no_account_and_a_second_making_changes_nothing(hub: Hub, banks: dict[str, Bank]) -> None:
    web = create_app(hub, demo_is_open=True).test_client()
    assert web.post("/demo/sign-in", data={"person": f"reviewer-{ICBC}"}).status_code == 422
    with hub.reading(HUB) as tx:
        assert accounts.list_of_all_banks(tx) == []
    for _ in range(2):
        with hub.writing(HUB) as tx:
            demo_people.add_accounts(tx)
    with hub.reading(HUB) as tx:
        assert len(accounts.list_of_bank(tx, ICBC)) == 4
    assert web.post("/demo/sign-in", data={"person": f"reviewer-{ICBC}"}).status_code == 303


def test_who_comes_by_another_name_than_this_machines_finds_no_door(app: Flask) -> None:
    web = app.test_client()
    for name in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert web.get("/demo/", headers={"Host": name}).status_code == 200
    for name in ("hub.example", "192.168.1.7:8000", "127.0.0.1.evil.example"):
        assert web.get("/demo/", headers={"Host": name}).status_code == 404
        assert web.post("/demo/sign-in", data={"person": "operator"}, headers={"Host": name}).status_code == 404
    # A proxy on the same machine may call it by that machine's name.
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"):
        assert web.get("/demo/", headers={name: "203.0.113.9"}).status_code == 404
        assert web.post("/demo/sign-in", data={"person": "operator"}, headers={name: "203.0.113.9"}).status_code == 404


LOCAL = {"HUB_HOME": "/tmp/a-hub"}


@pytest.mark.parametrize(
    ("host", "variables", "is_open"),
    [
        ("127.0.0.1", {}, True),
        ("localhost", {"HUB_PUBLIC_URL": "http://localhost:9000"}, True),
        ("::1", {"HUB_PUBLIC_URL": "http://[::1]:8000"}, True),
        ("0.0.0.0", {}, False),
        ("192.168.1.7", {}, False),
        ("127.0.0.1", {"HUB_PUBLIC_URL": "https://hub.example"}, False),
        ("127.0.0.1", {"HUB_PUBLIC_URL": "http://0.0.0.0:8000"}, False),
        ("127.0.0.1", {"HUB_DATABASE_URL": "postgresql+psycopg://127.0.0.1/hub"}, False),
    ],
)
def test_the_door_is_open_where_host_links_and_database_are_of_one_machine(
    host: str, variables: dict[str, str], is_open: bool
) -> None:
    hub = Hub(parse_settings({**LOCAL, **variables}))
    assert demo_is_open(hub, host) is is_open


def test_a_demo_account_has_no_other_way_in(visit: Visit, banks: dict[str, Bank]) -> None:
    visit(f"reviewer-{ICBC}")
    form = {"email": f"reviewer-{ICBC}@demo.example", "password": "whatever it may be"}
    assert visit().post("/sign-in/staff", form).status_code == 422


def test_there_is_no_demo_in_production(hub: Hub, settings: Settings) -> None:
    production = Hub(replace(settings, env="production", public_url="https://hub.example"), clock=hub.clock)
    web = create_app(production).test_client()
    for path in ("/demo/", "/demo/mail", "/demo/sign-in"):
        assert web.get(path).status_code == 404
    assert web.post("/demo/sign-in", data={"person": "operator"}).status_code == 404
    cookie = web.get("/sign-in/", base_url="https://hub.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-hub_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    production.close()


def test_production_does_not_start_on_demo_accounts(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        demo_accounts.require_no_demo(tx)
        demo_people.add_accounts(tx)
        with pytest.raises(Unusable, match="demo accounts"):
            demo_accounts.require_no_demo(tx)


@pytest.fixture
def mails(settings: Settings) -> Path:
    """The folder of the mails, with one in it."""
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = "您的申请已收到", "xm@example.com", "hub@example.com"
    message.set_content("编号 XS-20261121-000001 <b>不是标签</b>")
    message.add_alternative("<p style='color:red'>编号</p><script>alert(1)</script>", subtype="html")
    folder = settings.home / "mail"
    folder.mkdir()
    (folder / "20261121-1.eml").write_bytes(message.as_bytes())
    return folder


def test_the_mail_that_was_sent_is_shown(visit: Visit, mails: Path) -> None:
    assert "您的申请已收到" in visit().page("/demo/mail")
    text = visit().page("/demo/mail/20261121-1.eml")
    assert "XS-20261121-000001" in text
    assert "&lt;b&gt;不是标签&lt;/b&gt;" in text
    assert "xm@example.com" in text


def test_the_text_messages_that_were_sent_are_shown_beside_the_mails(
    visit: Visit, mails: Path, settings: Settings
) -> None:
    assert "短信" not in visit().page("/demo/mail")
    SmsFolder(settings.home / "sms").send(to="13800138000", text="您的协商（末尾 0001）有了答复<b>")
    shown = visit().page("/demo/mail")
    assert shown.index("您的协商（末尾 0001）有了答复&lt;b&gt;") < shown.index("您的申请已收到")
    assert "13800138000" in shown


def test_the_html_of_a_mail_can_do_nothing(visit: Visit, mails: Path) -> None:
    answer = visit().get("/demo/mail/20261121-1.eml/html")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox;" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("name", ["other.eml", "..%2Fhub.db", ".eml", "20261121-1.txt", "..%2F..%2Fetc%2Fpasswd"])
def test_no_other_file_is_shown(visit: Visit, mails: Path, name: str) -> None:
    assert visit().get(f"/demo/mail/{name}").status_code == 404


def test_production_is_never_filled_with_invented_people(hub: Hub, settings: Settings) -> None:
    demonstration.require_fit(hub)
    production = Hub(replace(settings, env="production", public_url="https://hub.example"), clock=hub.clock)
    with pytest.raises(Unusable, match="nothing was changed"):
        demonstration.require_fit(production)
