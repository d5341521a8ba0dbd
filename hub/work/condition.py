"""What `hub doctor` looks at: whatever a hub needs of its machine and its settings, a line each."""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from hub.documents.confinement import has_filter
from hub.documents.printing import fonts_ready, print_seconds
from hub.documents.scanner import ScannerUrl, ping
from hub.domain.actor import HUB
from hub.domain.china import CHINA, china_day
from hub.domain.errors import HubError, KeysUnusable
from hub.domain.plain import Plain
from hub.identity_checkers import SIMULATED
from hub.services.operating import banks, operator_tasks
from hub.services.reading.operator import operations
from hub.wiring import Hub, own_keys_of
from storage import mails

# A small page takes a fraction of this once the printing child is warm; far more means a missing library.
SLOW_PRINT_S = 3.0


class State(StrEnum):
    """How a part is."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: a part, how it is, and what to do where it is not fine."""

    part: str
    state: State
    detail: str

    def plain(self) -> Plain:
        """The line as JSON data."""
        return {"part": self.part, "state": self.state, "detail": self.detail}


def findings(hub: Hub) -> list[Finding]:
    """A line for each part. A part that raises is wrong, and the others are still looked at."""
    found: list[Finding] = []
    for part, look in _PARTS.items():
        try:
            state, detail = look(hub)
        except KeysUnusable as error:
            words = " ".join(str(error).split())
            state, detail = State.WRONG, words if look is _keys else "not looked at without the keys"
        except HubError as error:
            state, detail = State.WRONG, " ".join(str(error).split())
        except SQLAlchemyError as error:
            behind = any(each.part == "migrations" and each.state == State.WRONG for each in found)
            to_do = "run `hub db upgrade` first" if behind else "check HUB_DATABASE_URL"
            state, detail = State.WRONG, "not looked at: " + to_do if behind else f"{type(error).__name__}: {to_do}"
        except OSError as error:
            state, detail = State.WRONG, f"{type(error).__name__}: {error.strerror}"
        found.append(Finding(part=part, state=state, detail=detail))
    return found


def _database(hub: Hub) -> tuple[State, str]:
    with hub.database.reading() as session:
        session.connection()
    return State.FINE, "SQLite file" if hub.database.on_sqlite else "PostgreSQL"


def _migrations(hub: Hub) -> tuple[State, str]:
    if hub.settings.embedded:
        hub.migrate()
    if hub.is_up_to_date:
        return State.FINE, "up to date"
    return State.WRONG, "run `hub db upgrade`"


def _home(hub: Hub) -> tuple[State, str]:
    home = hub.settings.home
    if not home.exists():
        return State.FINE, "not used"
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        return State.WARNING, f"others of this machine can read {home} (mode {mode:o}): run `chmod 700 {home}`"
    return State.FINE, f"{home}, its owner's alone"


def _store(hub: Hub) -> tuple[State, str]:
    hub.store.check()
    with hub.reading(HUB) as tx:
        damaged = operator_tasks.count_damaged_files(tx)
    if damaged:
        return State.WARNING, f"{damaged} damaged: see /ops/ and put them back from the backup"
    return State.FINE, "a file was written, read back and deleted"


def _mail(hub: Hub) -> tuple[State, str]:
    where = hub.mail.check()
    with hub.reading(HUB) as tx:
        refused = len(mails.list_failed(tx))
        deskless = [bank.code for bank in banks.list_all(tx) if not bank.rules.desk_email]
    if refused:
        return State.WARNING, f"{where}; {refused} refused for good: see /ops/"
    if deskless:
        return State.WARNING, f"{where}; no reminders to {', '.join(deskless)}: set desk_email"
    return State.FINE, where


def _scanner(hub: Hub) -> tuple[State, str]:
    if hub.settings.scanner_url is None:
        return State.WARNING, "none: files are judged by type, size and decoding alone; set HUB_SCANNER_URL"
    ping(ScannerUrl.parse(hub.settings.scanner_url))
    return State.FINE, "answers"


def _decoding(hub: Hub) -> tuple[State, str]:  # noqa: ARG001 - every look is handed the hub
    if has_filter():
        return State.FINE, "files are decoded behind a system-call filter"
    return State.WARNING, "no system-call filter here: files are decoded behind limits alone; use a kernel with seccomp"


def _identity(hub: Hub) -> tuple[State, str]:
    url = hub.settings.identity_url
    if url is None:
        return State.FINE, "nobody checks who signed in by text message: banks compare before an offer opens"
    return State.FINE, "a simulated checker" if url.startswith(SIMULATED) else urlsplit(url).hostname or ""


def _fonts(hub: Hub) -> tuple[State, str]:  # noqa: ARG001 - every look is handed the hub
    problems = fonts_ready()
    return (State.WRONG, "; ".join(problems)) if problems else (State.FINE, "Chinese prints")


def _pdf_speed(hub: Hub) -> tuple[State, str]:  # noqa: ARG001 - as above
    seconds = print_seconds()
    state = State.FINE if seconds < SLOW_PRINT_S else State.WARNING
    return state, f"{seconds:.2f} s for a small page"


def _calendar(hub: Hub) -> tuple[State, str]:
    with hub.reading(HUB) as tx:
        calendar, today = tx.calendar(), china_day(tx.now)
    if calendar.is_provisional(today.year):
        return State.WRONG, f"no notice for {today.year}: import it with `hub calendar import`"
    if calendar.is_provisional(today.year + 1):
        return State.WARNING, f"no notice for {today.year + 1} yet; due times in it are provisional"
    return State.FINE, f"notices for {today.year} and {today.year + 1}"


def _keys(hub: Hub) -> tuple[State, str]:
    hub.require_keys()
    if hub.settings.secret_keys is None:
        return State.FINE, f"the hub's own, in {own_keys_of(hub.settings)}: keep a copy; they open what is stored"
    return State.FINE, "from HUB_SECRET_KEYS; they open what is stored"


def _deliveries(hub: Hub) -> tuple[State, str]:
    with hub.reading(HUB) as tx:
        given_up, failing = operations.tally(tx).given_up, operations.failing(tx)
    said = [
        f"{each.messages} to {code} failing since {each.since.astimezone(CHINA):%Y-%m-%d %H:%M}"
        for code, each in failing.items()
    ]
    said += [f"{given_up} given up"] if given_up else []
    if said:
        return State.WARNING, f"{'; '.join(said)}: see `hub delivery list`"
    return State.FINE, "nothing fails"


def _tasks(hub: Hub) -> tuple[State, str]:
    with hub.reading(HUB) as tx:
        waiting = operator_tasks.count(tx)
    if waiting:
        return State.WARNING, f"{waiting} to look into: see `hub task list`"
    if not hub.settings.operator_emails and not hub.settings.embedded:
        return State.WARNING, "none now; of a new one nobody is mailed: set HUB_OPERATOR_EMAIL"
    return State.FINE, "none"


def _proxies(hub: Hub) -> tuple[State, str]:
    count = hub.settings.trusted_proxies
    if count or hub.settings.embedded:
        return State.FINE, f"{count} trusted: callers are told apart by the address before them" if count else "none"
    return State.WARNING, (
        "none trusted: behind a proxy all callers share its address, and one stranger uses up the limits of all; "
        "set HUB_TRUSTED_PROXIES"
    )


def _dead_jobs(hub: Hub) -> tuple[State, str]:
    dead = len(hub.jobs.list_dead())
    return (State.WARNING, f"{dead} given up: see `hub jobs dead`") if dead else (State.FINE, "none given up")


_PARTS: dict[str, Callable[[Hub], tuple[State, str]]] = {
    "database": _database,
    "migrations": _migrations,
    "keys": _keys,
    "home": _home,
    "evidence store": _store,
    "mail": _mail,
    "scanner": _scanner,
    "proxies": _proxies,
    "decoding": _decoding,
    "identity": _identity,
    "fonts": _fonts,
    "pdf speed": _pdf_speed,
    "calendar": _calendar,
    "jobs": _dead_jobs,
    "deliveries": _deliveries,
    "tasks": _tasks,
}
