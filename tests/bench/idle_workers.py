"""What idle workers on one PostgreSQL take of a processor and ask of it."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import LiteralString

import psycopg

from tests.bench import process_tree as processes
from tests.bench.servers import Place, Served, hub_served, place
from tests.bench.submitting import add_host_app
from tests.bench.tables import middle, table

# Until then the engine looks for its schedules each second.
_SETTLES_S = 65
_LOOKS_S = 60
_STATEMENTS = {"shared_preload_libraries": "pg_stat_statements"}


def measure(rounds: int, counts: Sequence[int]) -> str:
    """The table: per cent of one processor and questions a second, of one worker of so many, over a minute each."""
    rows = [_row(many, rounds) for many in counts]
    heads = ("workers", "% of one processor each", "of its database processes", "questions a second each")
    return f"Idle workers, {rounds} rounds of {_LOOKS_S} seconds\n\n" + table(heads, rows)


def _row(many: int, rounds: int) -> tuple[object, ...]:
    shares, of_database, asked = list[float](), list[float](), list[float]()
    with place("postgresql", _STATEMENTS) as where, ExitStack() as stack:
        add_host_app(where, "hub")
        each = partial(hub_served, where, "hub", "worker", "--printers", "1", user="work")
        served = [stack.enter_context(each()) for _ in range(many)]
        connection = stack.enter_context(psycopg.connect(_plain(where), autocommit=True))
        connection.execute("CREATE EXTENSION pg_stat_statements")
        time.sleep(_SETTLES_S)
        for _ in range(rounds):
            connection.execute("SELECT pg_stat_statements_reset()")
            before = _spent(where, served)
            time.sleep(_LOOKS_S)
            own, backends = (after - so_far for after, so_far in zip(_spent(where, served), before, strict=True))
            shares.append(own / many / _LOOKS_S / 10)
            of_database.append(backends / many / _LOOKS_S / 10)
            asked.append(_number(connection, _QUESTIONS) / many / _LOOKS_S)
    return many, middle(shares, ".2f"), middle(of_database, ".2f"), middle(asked)


# Without the words around them, and without what is asked here.
_QUESTIONS: LiteralString = (
    "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements "
    "WHERE query !~ '^(BEGIN|COMMIT|ROLLBACK|SET)' AND query !~ 'pg_stat_statements'"
)


def _plain(where: Place) -> str:
    return where.address("hub", "postgres").replace("+psycopg", "")


def _number(connection: psycopg.Connection[tuple[float]], query: LiteralString) -> float:
    [(number,)] = connection.execute(query).fetchall()
    return float(number)


def _spent(where: Place, served: Sequence[Served]) -> tuple[float, float]:
    if where.server is None:
        raise ValueError(where.kind)
    backends = processes.backends_of(where.server.process.pid, "work")
    return sum(processes.cpu_ms(processes.tree(each.pid)) for each in served), processes.cpu_ms(backends)
