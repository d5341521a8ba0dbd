"""Whether a hub works: each part of it looked at, for `hub doctor`, the operator's page and `/readyz` alike.

Looking changes nothing: nothing is made, brought up to date or sent, and the evidence store's trial file goes again.
"""

import stat
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from hub.documents import ocr
from hub.documents.confinement import Walls, walls
from hub.documents.printing import fonts_ready, print_seconds
from hub.documents.scanner import ScannerUrl, look_at, ping
from hub.domain.actor import HUB
from hub.domain.china import CHINA, china_day
from hub.domain.errors import HubError, Unavailable
from hub.findings import TO_COME, UNAVAILABLE, UNUSABLE, Finding, Part, State, fine, warning, wrong
from hub.health.backups import look_at_backups
from hub.health.database_words import TO_DO
from hub.health.seal import look_at_seal
from hub.health.store import look_at_store
from hub.health.work import look_at_work
from hub.identity_checkers import SIMULATED
from hub.mail.sms import reach_gateway
from hub.secret_keys import own_keys_of
from hub.services.operating import banks, operator_tasks
from hub.services.operating.scanner_tasks import OLD_SIGNATURES_D
from hub.services.reading.operator.messages import list_failing
from hub.services.reading.operator.tally import tally_of
from hub.wiring import Hub
from storage import clock_skew, mails, row_security

# A small page takes a fraction of this once the printing child is warm; far more means a missing library.
SLOW_PRINT_S = 3.0
# Machines that follow a time server differ by milliseconds.
CLOCKS_APART_S = 5


def look(hub: Hub, part: Part) -> Finding:
    """How the part is just now. One whose look raises what the hub, the machine or the database raises is wrong."""
    try:
        return _LOOKS[part](hub)
    except HubError as error:
        code = UNAVAILABLE if isinstance(error, Unavailable) else UNUSABLE
        detail = " ".join(str(error).split())
        if part is Part.DATABASE and isinstance(error, Unavailable):
            detail += f": {TO_DO.get(detail, 'check HUB_DATABASE_URL')}"
        return Finding(state=State.WRONG, detail=detail, code=code, error=error)
    except (SQLAlchemyError, OSError) as error:
        to_do = error.strerror if isinstance(error, OSError) else "check HUB_DATABASE_URL"
        return Finding(state=State.WRONG, detail=f"{type(error).__name__}: {to_do}", code=UNUSABLE, error=error)


def examination(hub: Hub, *, running: bool = False) -> dict[Part, Finding]:
    """A finding for each part; for `WORK`, which rests where nobody serves, alone of a hub that should be `running`.

    What stands on a part that is wrong, or that an embedded hub has still to make for itself, is not looked at.
    """
    found: dict[Part, Finding] = {}
    blocked: Finding | None = None
    for part in (each for each in Part if running or each != Part.WORK):
        if blocked is not None and part not in _ON_ITS_OWN:
            found[part] = blocked
            continue
        found[part] = looked = look(hub, part)
        if part in _FIRST and (looked.state == State.WRONG or looked.code == TO_COME):
            why = "made by the first start" if looked.code == TO_COME else _FIRST[part]
            blocked = Finding(state=looked.state, detail=f"not looked at: {why}")
    return found


def _database(hub: Hub) -> Finding:
    if hub.restore_mark.exists():
        return wrong("a restore was begun and not finished: run `hub restore` again", "restore_unfinished")
    if not hub.has_database:
        return warning("none yet: `hub up` makes it", TO_COME)
    with hub.database.reading() as session:
        # The first question that makes either database look at more than its connection.
        sa.inspect(session.connection()).has_table("bank")
    # No transaction of the hub's, which would make the keys of a hub that has none.
    with hub.database.asking() as session:
        ahead_s = round(clock_skew.database_ahead_s(session))
    if abs(ahead_s) > CLOCKS_APART_S:
        way = "ahead of" if ahead_s > 0 else "behind"
        detail = f"its clock is {abs(ahead_s)} s {way} this machine's: let both follow one time server"
        return warning(f"{detail}; docs/deploy/README.md, Clocks", "clocks_apart", seconds=ahead_s)
    return fine("SQLite file" if hub.database.on_sqlite else "PostgreSQL")


def _migrations(hub: Hub) -> Finding:
    if hub.is_up_to_date:
        return fine("up to date", "up_to_date_sqlite" if hub.database.on_sqlite else "up_to_date_postgresql")
    if hub.settings.embedded:
        return warning("not up to date: `hub up` sees to it", TO_COME)
    return wrong("run `hub db upgrade`", "not_up_to_date")


def _walls(hub: Hub) -> Finding:
    if hub.database.on_sqlite:
        return fine("SQLite has one, the bank that each query names; PostgreSQL a second", "one_wall")
    with hub.database.reading() as session:
        found = row_security.holes(session.connection())
    if found:
        return warning(f"the second has holes ({', '.join(found)}): run `hub db upgrade`; docs/operating.md", "holes")
    return fine("each query names its bank, and PostgreSQL keeps banks' rows apart", "two_walls")


def _home(hub: Hub) -> Finding:
    home = hub.settings.home
    if not home.exists():
        return fine("not used")
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        return warning(f"others of this machine can read {home} (mode {mode:o}): run `chmod 700 {home}`")
    return fine(f"{home}, its owner's alone")


def _mail(hub: Hub) -> Finding:
    where = hub.mail.check()
    with hub.reading(HUB) as tx:
        failed = [mail.detail == mails.PERHAPS_SENT for mail in mails.list_failed(tx)]
        deskless = [bank.code for bank in banks.list_all(tx) if not bank.rules.desk_email]
    if failed:
        counted = {"refused for good": failed.count(False), "held by a restore": failed.count(True)}
        words = ", ".join(f"{count} {what}" for what, count in counted.items() if count)
        return warning(f"{where}; {words}: see /ops/")
    if deskless:
        return warning(f"{where}; no reminders to {', '.join(deskless)}: set desk_email")
    return fine(where)


def _text_messages(hub: Hub) -> Finding:
    url = hub.settings.sms_url
    if url is None:
        return fine(f"kept as files in {hub.settings.home / 'sms'}")
    try:
        where = reach_gateway(url)
    except OSError as error:
        reason = f"{type(error).__name__}: nobody gets a code, to sign in or to sign; see HUB_SMS_URL"
        return wrong(f"the gateway cannot be reached, {reason}", UNUSABLE)
    return fine(f"{where} answers; nothing was sent, so whether it takes messages is not known")


def _scanner(hub: Hub) -> Finding:
    if hub.settings.scanner_url is None:
        return warning("none: files are judged by type, size and decoding alone; set HUB_SCANNER_URL", "no_scanner")
    url = ScannerUrl.parse(hub.settings.scanner_url)
    ping(url)
    found = look_at(url)
    days = found.signatures_d(hub.real_clock.now())
    if days is None:
        return warning(f"{found.name} answers, without signatures of a vendor: does freshclam run?", "no_signatures")
    if days > OLD_SIGNATURES_D:
        return warning(f"{found.name} answers, its signatures are {days} days old: does freshclam run?", "old", n=days)
    return fine(f"{found.name} answers, its signatures are {days} days old", "scanner_works", n=days)


def _ocr(hub: Hub) -> Finding:
    if hub.settings.ocr is None:
        return fine("off: no file is read for amounts; HUB_OCR turns it on")
    return fine(f"Tesseract {ocr.version()} reads papers for amounts, behind the limits that decoding has")


def _decoding(hub: Hub) -> Finding:  # noqa: ARG001 - every look is handed the hub
    there = walls()
    stand = f"files are decoded and papers printed behind limits, {_wall_words(there)}"
    if not there.missing:
        return fine(stand)
    return warning(f"{stand}; this kernel has no {' and no '.join(there.missing)}: docs/operating.md")


def _wall_words(there: Walls) -> str:
    filters = "a system-call filter" if there.filters_calls else "no system-call filter"
    return f"{filters} and " + (f"Landlock {there.landlock}" if there.landlock else "no Landlock")


def _identity(hub: Hub) -> Finding:
    url = hub.settings.identity_url
    if url is None:
        return fine("nobody checks who signed in by text message: banks compare before an offer opens")
    return fine("a simulated checker" if url.startswith(SIMULATED) else urlsplit(url).hostname or "")


def _fonts(hub: Hub) -> Finding:  # noqa: ARG001 - every look is handed the hub
    problems = fonts_ready()
    return wrong("; ".join(problems)) if problems else fine("Chinese prints")


def _pdf_speed(hub: Hub) -> Finding:  # noqa: ARG001 - as above
    seconds = print_seconds()
    detail = f"{seconds:.2f} s for a small page"
    return fine(detail) if seconds < SLOW_PRINT_S else warning(detail)


def _calendar(hub: Hub) -> Finding:
    with hub.reading(HUB) as tx:
        calendar, today = tx.calendar(), china_day(tx.now)
    year, after = today.year, today.year + 1
    if calendar.is_provisional(year):
        return wrong(f"no notice for {year}: import it with `hub calendar import`", "no_notice", year=year)
    if calendar.is_provisional(after):
        return warning(f"no notice for {after} yet; due times in it are provisional", "no_notice", year=after)
    return fine(f"notices for {year} and {after}", "notices", first=year, second=after)


def _keys(hub: Hub) -> Finding:
    if not hub.secret_keys.are_made:
        return warning("none yet: `hub up` makes them", TO_COME)
    hub.require_keys()
    if hub.settings.secret_keys is None:
        own = own_keys_of(hub.settings)
        return fine(f"the hub's own, in {own}: keep a copy; they open what is stored", "keys_fit")
    return fine("from HUB_SECRET_KEYS; they open what is stored", "keys_fit")


def _deliveries(hub: Hub) -> Finding:
    with hub.reading(HUB) as tx:
        given_up, failing = tally_of(tx).given_up, list_failing(tx)
    parts = [
        f"{each.messages} to {code} failing since {each.since.astimezone(CHINA):%Y-%m-%d %H:%M}"
        for code, each in failing.items()
    ]
    parts += [f"{given_up} given up"] if given_up else []
    return warning(f"{'; '.join(parts)}: see `hub delivery list`") if parts else fine("nothing fails")


def _tasks(hub: Hub) -> Finding:
    with hub.reading(HUB) as tx:
        waiting = operator_tasks.count(tx)
    if waiting:
        return warning(f"{waiting} to look into: see `hub task list`")
    if not hub.settings.operator_emails and not hub.settings.embedded:
        return warning("none now; of a new one nobody is mailed: set HUB_OPERATOR_EMAIL")
    return fine("none")


def _proxies(hub: Hub) -> Finding:
    count = hub.settings.trusted_proxies
    if count or hub.settings.embedded:
        return fine(f"{count} trusted: callers are told apart by the address before them" if count else "none")
    return warning(
        "none trusted: behind a proxy all callers share its address, and one stranger uses up the limits of all; "
        "set HUB_TRUSTED_PROXIES"
    )


def _dead_jobs(hub: Hub) -> Finding:
    dead = hub.jobs.count_dead()
    return warning(f"{dead} given up: see `hub jobs dead`") if dead else fine("none given up")


_LOOKS: Mapping[Part, Callable[[Hub], Finding]] = {
    Part.DATABASE: _database,
    Part.MIGRATIONS: _migrations,
    Part.WALLS: _walls,
    Part.KEYS: _keys,
    Part.HOME: _home,
    Part.STORE: look_at_store,
    Part.MAIL: _mail,
    Part.SMS: _text_messages,
    Part.SCANNER: _scanner,
    Part.PROXIES: _proxies,
    Part.DECODING: _decoding,
    Part.OCR: _ocr,
    Part.IDENTITY: _identity,
    Part.FONTS: _fonts,
    Part.PDF_SPEED: _pdf_speed,
    Part.SEAL: look_at_seal,
    Part.CALENDAR: _calendar,
    Part.BACKUP: look_at_backups,
    Part.JOBS: _dead_jobs,
    Part.DELIVERIES: _deliveries,
    Part.TASKS: _tasks,
    Part.WORK: look_at_work,
}
# What has to be right before the rest can be looked at, and what to do about it.
_FIRST: Mapping[Part, str] = {
    Part.DATABASE: "the database comes first",
    Part.MIGRATIONS: "the migrations come first",
    Part.KEYS: "the keys come first",
}
_ON_ITS_OWN = frozenset(
    {
        Part.HOME,
        Part.SMS,
        Part.SCANNER,
        Part.PROXIES,
        Part.DECODING,
        Part.OCR,
        Part.IDENTITY,
        Part.FONTS,
        Part.PDF_SPEED,
        Part.SEAL,
    }
)
