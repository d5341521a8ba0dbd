"""Every page in both languages, as each of its readers sees it: no word of the other language, none of the machine.

The pages are found by following the links of the demo's data, and every address of the map has to be among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hub.app import create_app
from hub.demo import demonstration
from hub.demo.people import CITIC, CMB, ICBC
from hub.domain.actor import HUB
from hub.domain.china import CHINA
from hub.settings import Settings
from hub.web.headers import is_api
from hub.web.pages import display_names
from hub.wiring import Hub
from storage.records import NegotiationRecord
from storage.submissions import submission_of
from tests import applications
from tests.conftest import SECRET, SentMessages
from tests.web.pages.cardholders import fill_month, fill_reason, fill_rest, texted
from tests.web.pages.reader import Page, Reader
from tests.web.pages.reading_aloud import foreign, said_in

STAFF = [f"{role}-{ICBC}" for role in ("reviewer", "supervisor", "auditor", "bank-admin")]
# Addresses that are no page to read: files, ways in that need a code of their own, and steps of a deed.
_NOT_READ = re.compile(
    r"\.(?:pdf|zip|ics|css|js|svg|png|ico)$|^/assets|^/launch|^/sign-in/enrol|^/demo|/(?:evidence|files)/<"
)
# Pages that nobody reaches by a link of the demo's data, and addresses of before that lead on; their own tests look
# at them, those of requests in test_words_of_requests.py.
IN_A_STATE_OF_THEIR_OWN = {
    "/apply/consents",
    "/apply/done/<id:application_id>",
    "/apply/evidence/rows",
    "/apply/income",
    "/apply/left",
    "/apply/spending",
    "/my/others",
    "/my/others/code",
    "/ops/calendar/check",
    "/ops/security/authenticator",
    "/portal/assignments/<id:assignment_id>",
    "/portal/exports/<id:export_id>",
    "/portal/negotiations/<id:negotiation_id>/agreement/early-settlement/<id:amendment_id>/quote",
    "/portal/negotiations/<id:negotiation_id>/agreement/early-settlement/<id:amendment_id>/refuse",
    "/portal/negotiations/<id:negotiation_id>/agreement/pay-day/<id:amendment_id>/agree",
    "/portal/negotiations/<id:negotiation_id>/agreement/pay-day/<id:amendment_id>/refuse",
    "/portal/negotiations/<id:negotiation_id>/collection-reports/<id:report_id>/answer",
    "/portal/negotiations/<id:negotiation_id>/credit-notes/<id:note_id>/answer",
    "/portal/negotiations/<id:negotiation_id>/notes/before/<id:note_id>",
    "/portal/next",
    "/portal/offer-templates/<template_id>",
    "/portal/requests/<id:matter_id>",
    "/portal/security/authenticator",
    "/portal/views",
}
# A mail as it is sent, in Chinese with English below; test_mail_links.py reads those.
_MAILS = "/portal/bank/mails/<kind>"
_SAME_PAGE = {"from", "sort", "cursor"}
_FOLLOWED = ("/my/", "/apply/", "/portal/", "/ops/", "/sign-in/")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Flask, SentMessages]]:
    """A hub with the demo's data, negotiations in every status among them."""
    home = tmp_path_factory.mktemp("words")
    url = f"sqlite:///{home / 'hub.db'}"
    settings = Settings(home=home, database_url=url, evidence_url=f"file://{home / 'evidence'}", secret_keys=SECRET)
    sms = SentMessages([])
    hub = Hub(settings, sms=sms)
    hub.upgrade()
    demonstration.fill(hub, printer=lambda _: applications.pdf(), report=lambda _: None)
    app = create_app(hub, demo_is_open=True)
    app.testing = True
    yield hub, app, sms
    hub.close()


def people(hub: Hub, app: Flask, sms: SentMessages) -> Iterator[tuple[str, Reader]]:
    """(name, browser) of everybody who reads pages: staff, the operator, a stranger, and one cardholder a status."""
    yield "stranger", Reader(app.test_client())
    for word in [*STAFF, f"supervisor-{CMB}", f"supervisor-{CITIC}", "operator"]:
        reader = Reader(app.test_client())
        assert reader.web.post("/demo/sign-in", data={"person": word}).status_code == 303
        yield word, reader
    with hub.reading(HUB) as tx:
        rows = tx.session.query(NegotiationRecord).order_by(NegotiationRecord.opened_at)
        mobiles = {row.status: submission_of(tx, row).applicant.mobile for row in rows}
    for status, mobile in mobiles.items():
        yield status, texted(app, sms, mobile)
    yield "applicant", applicant(app)


def applicant(app: Flask) -> Reader:
    """A person of the demo with an application that is filled in, and one that was just sent."""
    reader = Reader(app.test_client())
    assert reader.web.post("/demo/sign-in", data={"person": "cardholder-3"}).status_code == 303
    reader.web.get("/sign-in/?lang=zh")
    cards = reader.open("/apply/cards")
    place = next(name for _, name, _ in cards.form("保存并继续").boxes if name.endswith(".take")).removesuffix(".take")
    chosen = cards.press("保存并继续", {f"{place}.take": ["1"], f"{place}.principal_fen": "1.85万"})
    assert fill_rest(fill_month(fill_reason(chosen))).address == "/apply/check"
    return reader


def page_of(address: str) -> str:
    """The address without what makes the same page anew: the order of a list, and the list that one came from."""
    path, query = urlsplit(address).path, parse_qsl(urlsplit(address).query)
    if path.startswith("/ops/"):
        # The same page of a list for another filter says nothing new.
        return re.sub(r"[0-9a-f]{32}", "*", address)
    # Days and months go on for a century: one behind this one and one ahead say all that there is.
    far = {"month", "day"}
    said = [(name, _far(value[:7]) if name in far else value) for name, value in query if name not in _SAME_PAGE]
    return f"{path}?{urlencode(sorted(said))}"


def _far(month: str) -> str:
    this = f"{datetime.now(CHINA):%Y-%m}"
    return "before" if month < this else "after" if month > this else this


def walk(reader: Reader) -> Iterator[Page]:
    """Every page that can be reached by links from the areas' first pages, each address once."""
    waiting = [*_FOLLOWED, "/portal/?status=agreed", "/my/nothing", "/portal/nothing"]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        if (key := page_of(address)) in seen:
            continue
        seen.add(key)
        answer = reader.web.get(address, buffered=True)
        if answer.status_code == 303 or not answer.content_type.startswith("text/html"):
            continue
        page = Page(reader, answer, address)
        yield page
        for link in page.links:
            where = urlsplit(link)
            if not where.netloc and where.path.startswith(_FOLLOWED) and "lang=" not in where.query:
                waiting.append(where.path + (f"?{where.query}" if where.query else ""))


def unlinked(app: Flask, reader: Reader, pages: list[Page], read: set[str]) -> Iterator[Page]:
    """Pages below a negotiation that no link of the demo's data leads to, each at the first that shows it."""
    ids = sorted({found for page in pages for found in re.findall(r"/negotiations/([0-9a-f]{32})", page.html)})
    for rule in sorted(rules_to_read(app) - read):
        if re.findall(r"<[^>]+>", rule) != ["<id:negotiation_id>"]:
            continue
        for each in ids:
            address = rule.replace("<id:negotiation_id>", each)
            answer = reader.web.get(address, buffered=True)
            if answer.status_code == 200:
                yield Page(reader, answer, address)
                break


def rules_to_read(app: Flask) -> set[str]:
    """Every address of the map that shows a page of an area."""

    def is_read(rule: Rule) -> bool:
        whom = getattr(app.view_functions[rule.endpoint], "access", "everybody")
        return whom != "everybody" and "GET" in (rule.methods or ()) and not is_api(rule.rule)

    return {rule.rule for rule in app.url_map.iter_rules() if is_read(rule) and not _NOT_READ.search(rule.rule)}


def rule_of(app: Flask, address: str) -> str | None:
    adapter = app.url_map.bind("localhost")
    try:
        rule, _ = adapter.match(urlsplit(address).path, method="GET", return_rule=True)
    except Exception:  # noqa: BLE001 - an address that leads nowhere has no rule
        return None
    return str(rule.rule)


@pytest.mark.minutes
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_its_readers_language_alone(
    filled: tuple[Hub, Flask, SentMessages], caplog: pytest.LogCaptureFixture, language: str
) -> None:
    hub, app, sms = filled
    found: set[str] = set()
    read: set[str] = set()
    for name, reader in people(hub, app, sms):
        reader.web.get(f"/sign-in/?lang={language}")
        pages = list(walk(reader))
        linked = read | {rule_of(app, page.address) or "" for page in pages}
        for page in [*pages, *unlinked(app, reader, pages, linked)]:
            rule = rule_of(app, page.address) or "nothing"
            read.add(rule)
            if rule == _MAILS:
                continue
            found |= {f"{name} at {rule}: {each}" for each in foreign(said_in(page.html, language), language)}
    assert not found, "\n".join(sorted(found))
    assert "display_name_missing" not in caplog.text
    assert sorted(rules_to_read(app) - read) == sorted(IN_A_STATE_OF_THEIR_OWN)


def test_a_word_of_the_machine_without_a_name_is_logged_and_somebodys_own_is_not(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.test_request_context():
        assert display_names.word_or_text("contact", "微信") == "微信"
        assert caplog.text == ""
        assert display_names.word("payment", "lost") == "lost"
    assert "display_name_missing" in caplog.text
    assert "payment/lost" in caplog.text
