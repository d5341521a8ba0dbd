"""How much room a negotiation takes: rows by table in PostgreSQL, files in the evidence store, from what is stored."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.wiring import Hub
from tests.bench.load import Plan
from tests.bench.servers import Place, open_hub
from tests.bench.submitting import add_host_app
from tests.bench.tables import table
from tests.bench.throughput import both_served, one_round

APPLICATIONS, WARM_UP = 100, 8
BANKS_EACH = 2
# Tables below this many bytes a negotiation stand in one line together.
_NAMED_FROM = 100
# What rows, their indexes and what is kept beside them take; without the room that is kept free.
_SIZES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relname <> 'alembic_version'
  AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""


def measure(where: Place, rounds: int) -> str:
    """The table, of PostgreSQL alone: `rounds` lots of applications, each of three files and to two banks."""
    if where.server is None:
        return "Room is measured on PostgreSQL.\n"
    client_id, secret = add_host_app(where, "hub")
    hub, evidence = open_hub(where, "hub"), where.folder / "hub" / "evidence"
    try:
        with both_served(where) as served:
            port = urlsplit(served[0].address).port or 0
            plan = Plan(what="hub", port=port, clients=8, ops=WARM_UP, client_id=client_id, secret=secret)
            one_round(hub, served, plan, 1, WARM_UP)
            before, files_before = _rows(hub), _files(evidence)
            for turn in range(rounds):
                one_round(hub, served, plan, 1000 * (turn + 1), APPLICATIONS)
        after, files = _rows(hub), _files(evidence)
    finally:
        hub.close()
    many = rounds * APPLICATIONS * BANKS_EACH
    grown = {name: (after[name] - before.get(name, 0)) / many for name in after}
    named = {name: size for name, size in grown.items() if size >= _NAMED_FROM}
    lines = [(name, f"{size:,.0f}", "") for name, size in sorted(named.items(), key=lambda each: -each[1])]
    small = sum(grown.values()) - sum(named.values())
    many_files, size = len(files) - len(files_before), sum(files) - sum(files_before)
    lines += [
        ("other tables", f"{small:,.0f}", ""),
        ("**all tables**", f"{sum(grown.values()):,.0f}", ""),
        ("evidence store", f"{size / many:,.0f}", f"{many_files / many:.1f}"),
    ]
    head = f"Room of a negotiation until it stands in its bank's queue, {many} of them, {BANKS_EACH} an application"
    return f"{head}\n\n{table(('', 'bytes', 'objects'), lines)}"


def _rows(hub: Hub) -> Mapping[str, int]:
    """Bytes by table, indexes and all, once nothing is left to be cleaned up."""
    with hub.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM FULL"))
    with hub.reading(HUB) as tx:
        return dict(tx.session.execute(sa.text(_SIZES)).tuples().all())


def _files(folder: Path) -> list[int]:
    return [each.stat().st_size for each in folder.rglob("*") if each.is_file()]
