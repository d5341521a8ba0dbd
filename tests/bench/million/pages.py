"""Pages, calls and submissions at each size, over HTTP, in turns: one request of each, so that all meet the same."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import count
from statistics import median
from typing import Final
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from hub.services.operating import tallies
from tests import applications
from tests.bench.load import Caller
from tests.bench.million import world
from tests.bench.million.faces import faces_of
from tests.bench.million.filling import address_of, name_of
from tests.bench.million.questions import opened
from tests.bench.servers import Place, hub_served

FLOOR: Final = "floor "
SUBMISSION: Final = "submission by the API"
_WARM: Final = 5
# Of people that no copy is.
_numbers = count(int(time.time()))


class Size:
    """One size's hub, served, and a bare connection to its database."""

    def __init__(self, where: Place, size: int, stack: ExitStack) -> None:
        self._address = address_of(where, name_of(size))
        with opened(where, size) as hub:
            self.faces, self._app = faces_of(hub, self._address)
            # A worker counts each minute; here only the web runs.
            tallies.renew(hub)
        served = stack.enter_context(hub_served(where, name_of(size), "web"))
        self._floor = stack.enter_context(closing(psycopg.connect(self._address, autocommit=True)))
        # One connection, which never rests so long that it is closed; who finds one case alone is sent to it.
        self._caller = Caller(urlsplit(served.address).port or 0, {}, good=(200, 201, 303))
        self.submitted: list[str] = []

    def page_ms(self, name: str) -> float:
        """How long that face took just now."""
        face = self.faces[name]
        return _ms(lambda: self._caller.call("GET", face.path, None, **face.headers))

    def floor_ms(self, name: str) -> float:
        """How long its bare SELECT took."""
        face = self.faces[name]
        return _ms(lambda: self._floor.execute(face.floor.encode(), face.asked).fetchall())

    def submission_ms(self) -> float:
        """How long an application without files to one bank took; `submitted` has its id."""
        number = next(_numbers)
        person = applications.person(number % 10**6, id_type="passport", id_number=f"E{number % 10**8:08d}")
        body = applications.of_today(applications.application(world.MEASURED, applicant=person))
        sent = json.dumps(body).encode()
        told: list[bytes] = []
        took = _ms(lambda: told.append(self._caller.call("POST", "/api/v1/applications", sent, **{
            **self._app, "Content-Type": "application/json", "Idempotency-Key": f"bench-{number}"
        })))  # fmt: skip
        self.submitted.append(json.loads(told[0])["id"])
        return took


def _ms(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return 1000 * (time.perf_counter() - began)


def measure(where: Place, sizes: Sequence[int], readings: int) -> dict[str, dict[int, float]]:
    """The middle of that many readings of each page and call at each size, and of their floors."""
    found: dict[tuple[str, int], list[float]] = {}
    with ExitStack() as stack:
        served = {size: Size(where, size, stack) for size in sizes}
        for turn in range(-_WARM, readings):
            for what, take in _each(served):
                took = take()
                if turn >= 0:
                    found.setdefault(what, []).append(took)
        submitted = {size: each.submitted for size, each in served.items()}
    for size, ids in submitted.items():
        _forget(address_of(where, name_of(size)), ids)
    middles: dict[str, dict[int, float]] = {}
    for (name, size), each_ms in found.items():
        middles.setdefault(name, {})[size] = median(each_ms)
    return middles


def _each(served: dict[int, Size]) -> Iterator[tuple[tuple[str, int], Callable[[], float]]]:
    first = next(iter(served.values()))
    for name in first.faces:
        for size, each in served.items():
            yield (name, size), lambda each=each, name=name: each.page_ms(name)  # type: ignore[misc]
        for size, each in served.items() if first.faces[name].floor else ():
            yield (FLOOR + name, size), lambda each=each, name=name: each.floor_ms(name)  # type: ignore[misc]
    for size, each in served.items():
        yield (SUBMISSION, size), each.submission_ms


def _forget(address: str, applications_sent: Sequence[str]) -> None:
    """What was submitted is there no more, so that the next measuring finds what this one found."""
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        ids = connection.execute("SELECT id FROM negotiation WHERE application_id = ANY(%s)", (applications_sent,))
        negotiations = [each for [each] in ids.fetchall()]
        for column, gone in (("negotiation_id", negotiations), ("application_id", list(applications_sent))):
            tables = connection.execute(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = %s "
                "ORDER BY table_name",
                (column,),
            ).fetchall()
            for [table] in tables:
                query = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)")
                connection.execute(query.format(sql.Identifier(table), sql.Identifier(column)), (gone,))
        connection.execute("DELETE FROM application WHERE id = ANY(%s)", (list(applications_sent),))
