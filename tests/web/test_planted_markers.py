"""What is planted through every door stands nowhere in the clear: rows, files, logs, mails, figures, tables, backups.

Nor does it stand in an address or a title, which browsers, proxies and mail servers keep.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from hub.domain.clock import FixedClock
from hub.services.backups import making
from hub.services.notifications import outgoing_mail
from hub.settings import Settings
from hub.wiring import Hub
from storage.backup_folder import BackupFolder
from tests.applications import ICBC, account
from tests.conftest import START, SentMessages
from tests.mail.server import KeptMail
from tests.services.case import Case
from tests.services.conftest import OpenCase, made_ready, open_case
from tests.services.kept_bytes import everything, stands_in
from tests.web.caller import Caller
from tests.web.merchant import AddMerchant, add_merchant
from tests.web.pages.clerk import Clerk
from tests.web.pages.operator import Operator
from tests.web.pages.reader import Page, Reader
from tests.web.planting import CARDS, MARKERS, PEOPLE, SUBJECTS, WORD, Doors, planted

__all__ = ["add_merchant", "made_ready", "open_case"]

_ADDRESS = re.compile(r'(?:href|src|action|formaction)="([^"]*)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """Every address that was asked for or led to, and every title, from now on."""
    found: list[str] = []

    @app.after_request
    def note(response: Response) -> Response:
        # What a caller calls a place that is not there is the caller's own.
        if response.status_code < 400:
            found.append(request.full_path)
        found.append(response.headers.get("Location", ""))
        if response.mimetype == "text/html" and not response.is_streamed:
            page = unescape(response.get_data(as_text=True))
            links = (each for each in _ADDRESS.findall(page) if not each.startswith(("tel:", "mailto:")))
            found.extend([*links, *_TITLE.findall(page)])
        return response

    return found


@pytest.fixture
def case(open_case: OpenCase, host_app: Caller) -> Case:
    """A negotiation with ICBC of the person planted through the API."""
    body = planted("api", ICBC, accounts=[account(ICBC, card_number=CARDS["own"])])
    changes = {name: body[name] for name in ("applicant", "accounts", "hardship", "proposal", "representative")}
    return open_case(ICBC, client=host_app.client, **changes)


@pytest.fixture
def doors(
    app: Flask,
    hub: Hub,
    web: FlaskClient,
    host_app: Caller,
    bank_app: Callable[[str], Caller],
    add_merchant: AddMerchant,
    sms: SentMessages,
    clock: FixedClock,
) -> Doors:
    return Doors(app, hub, web, host_app, bank_app(ICBC), add_merchant(), sms, clock)


def found_in(places: dict[str, bytes], markers: list[str]) -> list[tuple[str, str]]:
    return [(marker, place) for place, content in places.items() for marker in markers if stands_in(content, marker)]


def parts_of(mail: EmailMessage) -> str:
    bodies = (part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    return "\n".join([str(mail["Subject"]), *bodies])


def test_what_is_planted_through_any_door_stands_nowhere_in_the_clear(
    doors: Doors,
    case: Case,
    settings: Settings,
    tmp_path: Path,
    addresses: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="hub")
    caplog.set_level(logging.DEBUG, logger="storage")
    clerk = Clerk(doors.app, "supervisor", case)
    reader = doors.launch()
    address = doors.application_pages(reader)
    case.work_off()
    doors.own_pages(reader, address)
    doors.api(case)
    doors.gateway()
    doors.text_message()
    doors.operator_words(case)
    doors.staff_forms(clerk)
    doors.bank_program(case)
    table = doors.table(clerk)
    keys = tmp_path / "keys"
    keys.mkdir()
    doors.bank_system(case, keys)
    case.work_off()
    sent = KeptMail()
    outgoing_mail.send_due(doors.hub, sent, FixedClock(START))
    readers = (reader, Reader(clerk.web), Reader(Operator(doors.app).web))
    shown = "".join(page.html for each in readers for page in seen_by(each, clerk.address))

    # What was planted is there to be found: those who may read it do.
    doors_shown = ("message", "my", "call", "staff-note", "staff-message", "bank-message", "event", "offer", "reason")
    assert [door for door in (*doors_shown, "api-description", "hold") if f"{WORD}-{door}" not in shown] == []

    making.back_up(doors.hub, doors.hub.store, BackupFolder(tmp_path / "backup"), doors.hub.real_clock, hub_version="1")
    folder = BackupFolder(tmp_path / "backup")
    rows = b"".join(line for each in (tmp_path / "backup").glob("rows-*/*") for line in _lines(folder, each))
    lines = "\n".join(f"{each.getMessage()} {each.args} {each.exc_text}" for each in caplog.records)
    places = {
        **everything(doors.hub, settings),
        "rows of the backup": rows,
        "log": lines.encode(),
        "mails": "\n".join(map(parts_of, sent.sent)).encode(),
        "text messages": "\n".join(text for _, text in doors.sms.sent).encode(),
        "figures": doors.web.get("/metrics").get_data(),
        "table": table,
        "addresses and titles": "\n".join({unquote(each) for each in addresses}).encode(),
    }
    assert all(len(content) > 100 for place, content in places.items() if not place.startswith("/"))
    assert found_in(places, MARKERS) == []
    # A host app's own name for somebody may be asked for in an address; it is kept in no log and no row.
    assert found_in({**places, "addresses and titles": b""}, SUBJECTS) == []


def seen_by(reader: Reader, case: str) -> Iterator[Page]:
    """The first page of each area, the page of the case, and all they lead to, whatever order lists have there."""
    seen: set[str] = set()
    waiting = ["/my/", "/apply/", case, "/portal/", "/ops/"]
    while waiting:
        address = waiting.pop(0)
        if (path := urlsplit(address).path) in seen:
            continue
        seen.add(path)
        answer = reader.web.get(path, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = Page(reader, answer, path)
            yield page
            waiting += [each for each in page.links if each.startswith(("/my/", "/apply/", "/portal/", "/ops/"))]


def _lines(folder: BackupFolder, path: Path) -> list[bytes]:
    return list(folder.read_lines(f"{path.parent.name}/{path.name}"))


def test_the_search_would_find_it_in_a_log_an_address_and_a_title(
    doors: Doors, addresses: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("hub").warning("%s", PEOPLE["api"]["name"])
    doors.web.get("/sign-in/", query_string={"q": WORD})
    places = {"log": caplog.text.encode(), "addresses": "\n".join(map(unquote, addresses)).encode()}
    assert found_in(places, MARKERS) == [(PEOPLE["api"]["name"], "log"), (WORD, "addresses")]
