"""The demo's own door, on one machine alone: every part can be tried without an account, and mail be read."""

import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from hub.demo import people as demo_people
from hub.demo import progress as demo_progress
from hub.demo.people import word_of
from hub.domain.actor import HUB
from hub.domain.errors import NotFound
from hub.domain.staff import BANK_ROLES, Role
from hub.domain.visitor import VisitorKind
from hub.services.accounts import sign_in
from hub.services.reading import directory
from hub.settings import is_loopback
from hub.web.access import face, public
from hub.web.downloads import FILE_POLICY
from hub.web.headers import is_handed_on
from hub.web.pages.browser_sessions import begin, begin_staff
from hub.web.pages.rendering import PRIVATE, go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import now_for_sessions, takes_any_form

pages = Blueprint("demo", __name__, url_prefix="/demo")

_MAIL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.eml")
# A mail's styles stand in its tags; nothing else of it may do anything.
_HTML_POLICY = f"{FILE_POLICY}; style-src 'unsafe-inline'"
_MOST_SHOWN = 200


@pages.before_request
def only_from_here() -> None:
    """Nothing for who calls this machine by its own name; `NotFound` for what comes through a proxy's."""
    if is_handed_on() or not is_loopback(urlsplit(request.host_url).hostname or ""):
        raise NotFound


@pages.route("/")
@public
def home() -> Response:
    """Who can be tried."""
    return _home()


def _home(*, status: int = 200, wrong: bool = False) -> Response:
    with face().hub.reading(HUB) as tx:
        banks = directory.list_banks(tx, also_closed=True)
        seconds = {bank.code: demo_people.second_supervisor(tx, bank.code) for bank in banks}
    return page(
        "demo/home.html",
        title=translate("演示入口"),
        status=status,
        banks=banks,
        roles=[(str(role), word_of(role)) for role in BANK_ROLES],
        seconds=seconds,
        second_supervisor=demo_people.SECOND_SUPERVISOR,
        people=demo_people.CARDHOLDERS,
        wrong=wrong,
        filling=demo_progress.find(face().hub.settings.home),
    )


@pages.route("/sign-in", methods=["POST"])
@takes_any_form
@public
def enter() -> Response:
    """The browser is signed in as `person`."""
    word = request.form.get("person", "")
    try:
        kind, token, where = _session_of(word)
    except NotFound:
        return _home(status=422, wrong=True)
    begin(kind, token)
    return go(where)


def _session_of(word: str) -> tuple[VisitorKind, str, str]:
    """(kind, token, first page) of a new session; raises `NotFound` for a word that names nobody."""
    with face().hub.writing(HUB) as tx:
        if word.startswith("cardholder-"):
            person = demo_people.cardholder(tx, word)
            return VisitorKind.CARDHOLDER, sign_in.open_session(tx, person, at=now_for_sessions()), "/my/"
        account = demo_people.account(tx, word)
        token = begin_staff(tx, account.id, way="demo")
        return VisitorKind.STAFF, token, "/ops/" if account.role == Role.OPERATOR else "/portal/"


@pages.route("/mail")
@public
def mail() -> Response:
    """The mails and text messages that were kept as files, newest first."""
    mails = [(path.name, _read(path)) for path in _newest(_mail_folder(), "*.eml")]
    texts = [json.loads(path.read_bytes()) for path in _newest(face().hub.settings.home / "sms", "*.json")]
    return page("demo/mails.html", title=translate("已发出的邮件"), mails=mails, texts=texts)


def _newest(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)[
        :_MOST_SHOWN
    ]


@pages.route("/mail/<name>")
@public
def one_mail(name: str) -> Response:
    """One mail as text, with its headers."""
    message = _mail_named(name)
    plain = message.get_body(("plain",))
    text = plain.get_content() if plain is not None else ""
    has_html = message.get_body(("html",)) is not None
    return page("demo/mail.html", title=str(message["subject"]), name=name, mail=message, text=text, has_html=has_html)


@pages.route("/mail/<name>/html")
@public
def html_of_mail(name: str) -> Response:
    """The HTML of one mail, as a page that can run and fetch nothing."""
    html = _mail_named(name).get_body(("html",))
    if html is None:
        raise NotFound
    response = Response(html.get_content(), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _HTML_POLICY
    response.headers["Cache-Control"] = PRIVATE
    return response


def _mail_folder() -> Path:
    return face().hub.settings.home / "mail"


def _mail_named(name: str) -> EmailMessage:
    if not _MAIL_NAME.fullmatch(name):
        raise NotFound
    try:
        return _read(_mail_folder() / name)
    except OSError as error:
        raise NotFound from error


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
