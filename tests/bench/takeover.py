"""Seconds from the kill -9 of a worker until what it had in hand is in another's: deliveries, verdicts, prints, mails.

The first worker gets all of it at once, is stopped with its hands full, and killed once a second one takes jobs. Banks
never answer and the mail server is slow, so that what they are told is in hand for long.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks
from storage.claims import LOCK_SPACE
from tests.bench import crowd
from tests.bench import process_tree as processes
from tests.bench.far_banks import HANGS, FarBanks, far_banks
from tests.bench.files import three_files
from tests.bench.servers import Place, Served, hub_started, place
from tests.bench.tables import middle, table
from tests.bench.workers import CODES, SECRET, put_applications, put_files, put_messages
from tests.mail.server import Post, mail_server
from tests.weather.proxy import FAIR, Proxy, Weather, proxy_of

WITHIN_S = 30
# Two for each bank, as many as go to one at once.
_MESSAGES, _FILES, _FORMS = 2 * len(CODES), 60, 16
_PATIENCE_S = 180.0
_SLOW = Weather(delay_s=3.0)
_JUDGED = """
SELECT id FROM evidence WHERE status = 'checking' AND hashtext('judge:' || id)::bigint & 4294967295 IN
(SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND granted)
"""
_QUESTIONS = {
    "verdicts": _JUDGED,
    "prints": "SELECT workflow_uuid FROM dbos.workflow_status WHERE status = 'PENDING' AND queue_name = 'documents'",
    "mails": "SELECT id FROM mail WHERE status = 'waiting' AND held_until IS NOT NULL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    where: Place
    hub: Hub
    client_id: str
    far: FarBanks
    mail: Proxy

    def started(self) -> Served:
        variables = {"HUB_SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}"}
        return hub_started(self.where, "takeover", "worker", "--printers", "1", user="work", variables=variables)

    def asked(self, question: str) -> set[str]:
        with self.hub.reading(HUB) as tx:
            query = sa.text(question)
            return set(tx.session.scalars(query, {"space": LOCK_SPACE} if ":space" in question else {}))


def measure(rounds: int) -> str:
    """The table: seconds by sort, and how many of each sort were in hand."""
    seconds: dict[str, list[float]] = {}
    many: dict[str, list[float]] = {}
    for _ in range(rounds):
        with _stage() as stage:
            for what, (took_s, of) in _one_round(stage).items():
                seconds.setdefault(what, []).append(took_s)
                many.setdefault(what, []).append(of)
    rows = [(what, middle(many[what], ".0f"), middle(seconds[what]), WITHIN_S) for what in seconds]
    heads = ("", "in hand", "seconds", "at most")
    return f"Taken over from a killed worker, {rounds} rounds\n\n{table(heads, rows)}"


@contextmanager
def _stage() -> Iterator[_Stage]:
    with ExitStack() as stack:
        where = stack.enter_context(place("postgresql"))
        far = stack.enter_context(far_banks())
        mail = stack.enter_context(proxy_of(stack.enter_context(mail_server(Post()))))
        hub, pattern = crowd.fill(where, "takeover", large=0, small=0, now=datetime.now(UTC))
        stack.callback(hub.close)
        with hub.writing(HUB) as tx:
            banks.set_settings(tx, crowd.SMALL, {"hotline": "95588", "desk_email": "desk@bank.example"})
            for code in CODES:
                settings = {"url": far.url(code + HANGS), "secret": SECRET}
                banks.add_bank(tx, code=code, name_zh=code, name_en=code, adapter="webhook", settings=settings)
        for code in CODES:
            crowd.add(hub, pattern, code, 2, soonest=timedelta(days=20), spread=timedelta(days=1))
        yield _Stage(where=where, hub=hub, client_id=pattern.client_id, far=far, mail=mail)


def _one_round(stage: _Stage) -> Mapping[str, tuple[float, int]]:
    """For each sort how long it took, and of how many."""
    stage.mail.weather = _SLOW
    put_messages(stage.hub, [], _MESSAGES)
    put_applications(stage.hub, stage.client_id, 1)
    victim, other = stage.started(), None
    try:
        _wait(lambda: len(stage.far.came) == _MESSAGES and stage.asked(_QUESTIONS["mails"]), victim)
        put_files(stage.hub, stage.client_id, three_files()[0], _FILES)
        put_applications(stage.hub, stage.client_id, _FORMS)
        had = _stopped_with_full_hands(stage, victim)
        other = stage.started()
        _wait(lambda: "takes jobs" in other.log.read_text(), other)
        _kill(victim)
        began = time.monotonic()
        stage.mail.weather = FAIR
        return _taken_over(stage, had, began, other)
    finally:
        for each in (victim, other):
            if each is not None:
                _kill(each)


def _stopped_with_full_hands(stage: _Stage, victim: Served) -> dict[str, set[str]]:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        os.kill(victim.pid, signal.SIGSTOP)
        had = {what: stage.asked(question) for what, question in _QUESTIONS.items()}
        if all(had.values()):
            return had
        os.kill(victim.pid, signal.SIGCONT)
        time.sleep(0.02)
    raise RuntimeError(f"never with its hands full: {victim.log.read_text()[-2000:]}")


def _taken_over(
    stage: _Stage, had: Mapping[str, set[str]], began: float, other: Served
) -> Mapping[str, tuple[float, int]]:
    open_, found = dict(had), dict[str, tuple[float, int]]()
    done = {
        "verdicts": "SELECT id FROM evidence WHERE status <> 'checking'",
        "prints": "SELECT workflow_uuid FROM dbos.workflow_status WHERE status = 'SUCCESS'",
        # A desk's news may wait for more of it, once another worker has looked.
        "mails": "SELECT id FROM mail WHERE status <> 'waiting' OR held_until IS NULL",
    }

    def look() -> bool:
        for what in [what for what, keys in open_.items() if keys <= stage.asked(done[what])]:
            found[what] = (time.monotonic() - began, len(open_.pop(what)))
        return not open_ and len(stage.far.came) >= 2 * _MESSAGES

    _wait(look, other)
    # A bank hears of each a second time.
    arrived = sorted(at for _, at in stage.far.came)[2 * _MESSAGES - 1]
    return {"deliveries": (arrived - began, _MESSAGES), **{what: found[what] for what in had}}


def _wait(condition: Callable[[], object], served: Served) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > deadline or served.process.poll() is not None:
            raise RuntimeError(f"waited in vain: {served.log.read_text()[-2000:]}")
        time.sleep(0.1)


def _kill(served: Served) -> None:
    for pid in processes.tree(served.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    served.process.wait(_PATIENCE_S)
