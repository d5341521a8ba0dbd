"""Work a second per processor second, by 1, 2, 4 and 8 workers on one PostgreSQL, beside the floors of each work.

Work is put in while nobody asks for more, and counted when all of it is done: what workers cost each other, by polling,
by locks or by doing a thing twice, is in the processor time of the workers' trees and of the database for them.
"""

import http.client
import io
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import sqlalchemy as sa

from hub.documents import application_form
from hub.documents.decoding import decode, load_readers
from hub.domain.actor import HUB
from hub.domain.delivery import MessageKind
from hub.domain.evidence import MediaType
from hub.domain.plain import canonical
from hub.services.applications import intake
from hub.services.delivery import queueing
from hub.services.documents.printing import form_of
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Upload
from hub.wiring import Hub
from schemas.application import load_application
from storage import banks, negotiation_locks
from storage.records import NegotiationRecord
from tests import applications
from tests.bench import crowd
from tests.bench import process_tree as processes
from tests.bench.bare_printing import print_all
from tests.bench.far_banks import FarBanks, far_banks
from tests.bench.files import Evidence, three_files
from tests.bench.servers import Place, Served, hub_served, place
from tests.bench.tables import middle, table

COUNTS = (1, 2, 4, 8)
# A round: messages to each of so many banks, files, forms.
BANKS, MESSAGES, FILES, FORMS = 8, 90, 96, 40
# So much of each work a worker has done before it is measured: its first ones cost a process several times as much.
_WARMED_BY = 30
SECRET = "whsec_" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
_DONE_WITHIN = timedelta(minutes=10)
_LOOK_INTERVAL_S = 0.25
_FLOOR_FILES = 12
_people, _files = count(1), count(1)
CODES = [f"99{number:02}0000" for number in range(BANKS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One sort: `put` puts in about `many` and gives how many it is; `done` counts, `twice` what was done in vain.

    `floor` gives the processor time in ms of the least that one of them takes.
    """

    name: str
    many: int
    put: Callable[[int], int]
    done: Callable[[], int]
    twice: Callable[[], int]
    floor: Callable[[], float]


def measure(rounds: int, counts: Sequence[int] = COUNTS) -> str:
    """The table of all sorts of work, for each count of workers."""
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    floors: dict[str, list[float]] = {}
    twice: Counter[tuple[str, int]] = Counter()
    for workers in counts:
        with place("postgresql") as where, far_banks() as far:
            hub, works = _prepared(where, far)
            try:
                with _workers(where, workers) as served:
                    for work in works:
                        _one_round(where, served, work, _WARMED_BY * workers)
                    for _ in range(rounds):
                        for work in works:
                            of_work, before = (work.name, workers), work.twice() + _taken_twice(hub)
                            found.setdefault(of_work, []).append(_one_round(where, served, work, work.many))
                            floors.setdefault(work.name, []).append(work.floor())
                            twice[of_work] += work.twice() + _taken_twice(hub) - before
            finally:
                hub.close()
    rows = [
        (
            name,
            workers,
            middle([rate for rate, _ in rates]),
            middle([cpu_ms for _, cpu_ms in rates]),
            middle(_ratios(found, name, workers, counts[0]), ".2f"),
            middle(floors[name]),
            twice[name, workers],
        )
        for (name, workers), rates in sorted(found.items())
    ]
    heads = ("", "workers", "a second", "CPU ms each", "per processor second, to one worker's", "floor, ms", "twice")
    return f"Many workers, {rounds} rounds\n\n{table(heads, rows)}"


def _ratios(found: dict[tuple[str, int], list[tuple[float, float]]], name: str, workers: int, one: int) -> list[float]:
    pairs = zip(found[name, one], found[name, workers], strict=True)
    return [alone / cpu_ms for (_, alone), (_, cpu_ms) in pairs]


@contextmanager
def _workers(where: Place, many: int) -> Iterator[list[Served]]:
    with ExitStack() as stack:
        each = partial(hub_served, where, "workers", "worker", "--printers", "1", user="work")
        yield [stack.enter_context(each()) for _ in range(many)]


def _prepared(where: Place, far: FarBanks) -> tuple[Hub, list[Work]]:
    """A hub with banks that have systems and one that has none, and the sorts of work that can be put in."""
    hub, pattern = crowd.fill(where, "workers", large=0, small=0, now=datetime.now(UTC))
    with hub.writing(HUB) as tx:
        for code in CODES:
            settings = {"url": far.url(code), "secret": SECRET}
            banks.add_bank(tx, code=code, name_zh=code, name_en=code, adapter="webhook", settings=settings)
    for code in CODES:
        crowd.add(hub, pattern, code, MESSAGES, soonest=timedelta(days=20), spread=timedelta(days=1))
    sent, of_small = list[int](), f"WHERE bank_code = '{crowd.SMALL}'"
    photographs = [each for each in three_files() if each.media_type == "image/jpeg"][:1]
    return hub, [
        Work(
            name="messages delivered",
            many=BANKS * MESSAGES,
            put=partial(put_messages, hub, sent),
            done=lambda: min(
                len(far.came), count_of(hub, "delivery WHERE status = 'delivered' AND bank_code LIKE '99%'")
            ),
            twice=lambda: len(far.came) - sum(sent),
            floor=partial(_bare_posts, far),
        ),
        Work(
            name="files judged and drawn",
            many=FILES,
            put=partial(put_files, hub, pattern.client_id, photographs[0]),
            done=lambda: count_of(hub, "viewing_copy WHERE status = 'made'"),
            twice=partial(_made_in_vain, hub, where),
            floor=partial(_bare_decoding, photographs[0]),
        ),
        Work(
            name="forms printed and delivered",
            many=FORMS,
            put=partial(put_applications, hub, pattern.client_id),
            done=lambda: count_of(hub, f"negotiation {of_small} AND reached_bank_at IS NOT NULL"),
            twice=partial(_made_in_vain, hub, where),
            floor=partial(_bare_printing, hub),
        ),
    ]


def _one_round(where: Place, served: Sequence[Served], work: Work, many: int) -> tuple[float, float]:
    """What was done a second, and what one took of the processors in ms."""
    before, before_ms, began = work.done(), _cpu_ms(where, served), time.monotonic()
    put = work.put(many)
    while work.done() < before + put:
        if time.monotonic() - began > _DONE_WITHIN.total_seconds():
            raise RuntimeError(f"{work.name}: {work.done() - before} of {put} were done")
        time.sleep(_LOOK_INTERVAL_S)
    seconds = time.monotonic() - began
    return put / seconds, (_cpu_ms(where, served) - before_ms) / put


def _cpu_ms(where: Place, served: Sequence[Served]) -> float:
    if where.server is None:
        raise ValueError(where.kind)
    postmaster = where.server.process.pid
    backends = processes.backends_of(postmaster, "work")
    # With those that have ended meanwhile, most of them the workers'.
    database_ms = processes.cpu_ms(backends) + processes.cpu_ms([postmaster])
    return sum(processes.cpu_ms(processes.tree(each.pid)) for each in served) + database_ms


def count_of(hub: Hub, what: str) -> int:
    """How many rows there are of a table, or of its part that `what` says."""
    with hub.reading(HUB) as tx:
        return int(tx.session.scalar(sa.text(f"SELECT count(*) FROM {what}")) or 0)


def _taken_twice(hub: Hub) -> int:
    return count_of(hub, "dbos.workflow_status WHERE name = 'run_job' AND recovery_attempts > 1")


def put_messages(hub: Hub, sent: list[int], many: int) -> int:
    """So many messages to the banks that have systems wait to be delivered."""
    each = many // BANKS
    with hub.writing(HUB) as tx:
        for code in CODES:
            rows = sa.select(NegotiationRecord.id).where(NegotiationRecord.bank_code == code).limit(each)
            for negotiation_id in tx.session.scalars(rows).all():
                data = {"text": "您好" * 400, "evidence": []}
                queueing.queue(tx, negotiation_locks.lock(tx, negotiation_id), MessageKind.MESSAGE, data)
    sent.append(each * BANKS)
    return each * BANKS


def put_files(hub: Hub, client_id: str, file: Evidence, many: int) -> int:
    """So many files wait for their verdicts."""
    kept = []
    for _ in range(many):
        content = io.BytesIO(file.numbered(next(_files)))
        upload = Upload(
            client_id=client_id, subject=None, kind=file.kind, file_name=file.name, declared_type=file.media_type,
            length=len(file.content),
        )  # fmt: skip
        kept.append(evidence_files.receive(hub.store, upload, content.read))
    with hub.writing(HUB) as tx:
        for stored in kept:
            evidence_files.keep(tx, stored)
    return many


def put_applications(hub: Hub, client_id: str, many: int) -> int:
    """So many forms wait to be printed and delivered."""
    with hub.writing(HUB) as tx:
        for _ in range(many):
            body = applications.application(crowd.SMALL, applicant=applications.person(700_000 + next(_people)))
            loaded = load_application(applications.of_today(body), now=hub.clock.now())
            if loaded.value is None:
                raise RuntimeError(str(loaded.faults))
            intake.submit(tx, loaded.value, client_id=client_id)
    return many


def _made_in_vain(hub: Hub, where: Place) -> int:
    """Files in the store of which no row speaks: what a second worker made of a file, or printed, over again."""
    stored = sum(len(files) for _, _, files in os.walk(where.folder / "workers" / "evidence"))
    return stored - sum(count_of(hub, name) for name in ("evidence", "clean_copy", "viewing_page", "document"))


def _bare_posts(far: FarBanks) -> float:
    """Of bare HTTP; the banks do not remember it."""
    body, came = canonical({"text": "您好" * 400, "evidence": []}), list(far.came)
    began = time.thread_time()
    for _ in range(MESSAGES):
        connection = http.client.HTTPConnection("127.0.0.1", far.port)
        connection.request("POST", "/floor", body=body)
        connection.getresponse().read()
        connection.close()
    spent = time.thread_time() - began
    far.came[:] = came
    return spent * 1000 / MESSAGES


def _bare_decoding(file: Evidence) -> float:
    load_readers()
    began = time.process_time()
    for number in range(_FLOOR_FILES):
        decode(file.numbered(number), MediaType(file.media_type), io.BytesIO(), io.BytesIO())
    return (time.process_time() - began) * 1000 / _FLOOR_FILES


def _bare_printing(hub: Hub) -> float:
    with hub.reading(HUB) as tx:
        wanted = sa.select(NegotiationRecord).where(NegotiationRecord.bank_code == crowd.SMALL).limit(FORMS)
        documents = [application_form.html_of(form_of(tx, row)) for row in tx.session.scalars(wanted).all()]
    return print_all(documents)[1] / len(documents)
