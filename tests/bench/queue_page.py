"""A bank's queue with 100,000 open negotiations beside one with 1,000: the page of the portal, and the API.

The floor is a bare Flask application that shows the same rows as JSON, by one indexed SELECT.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.staff import Role
from hub.services.accounts import clients, staff, staff_sign_in
from hub.services.operating import tallies
from hub.wiring import Hub
from storage.clients import add_client
from tests.bench import crowd
from tests.bench.load import Plan
from tests.bench.servers import Place, Served, floor_served, hub_served
from tests.bench.submitting import send
from tests.bench.tables import middle, table

READINGS = 200
# What each path is, and how many negotiations it shows.
_FACES = {"/portal/": ("page of 30", 30), "/api/v1/bank/negotiations?limit=50": ("API's page of 50", 50)}
_FLOOR = "floor "


def _ways_in(hub: Hub, bank_code: str) -> dict[str, dict[str, str]]:
    """The headers that open each path for the bank's people and its program."""
    at = hub.real_clock.now()
    with hub.writing(HUB) as tx:
        person, _ = staff.add(tx, role=Role.REVIEWER, email=f"r@{bank_code}.example", bank_code=bank_code, at=at)
        session = staff_sign_in.open_session(tx, person.id, at=at)
        client, _ = add_client(tx, name=f"bank {bank_code}", scopes=("negotiations:review",), bank_code=bank_code)
        token = clients.grant_token(tx, client, ["negotiations:review"], at=at)
    app = create_app(hub)
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    page, api = _FACES
    return {
        page: {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'staff': session})}"},
        api: {"Authorization": f"Bearer {token}"},
    }


def measure(where: Place, rounds: int, *, large: int = 100_000, small: int = 1_000) -> str:
    """The table for one kind of database."""
    hub, _ = crowd.fill(where, "crowd", large=large, small=small, now=datetime.now(UTC) - timedelta(minutes=5))
    banks = {small: crowd.SMALL, large: crowd.LARGE}
    ways = {size: _ways_in(hub, code) for size, code in banks.items()}
    # A worker counts each minute; here only the web runs.
    tallies.renew(hub)
    hub.close()
    found: dict[tuple[str, int], list[float]] = {}
    with hub_served(where, "crowd", "web") as web, floor_served(where, queue_of="crowd") as low:
        for turn in range(rounds + 1):
            for path, (_, shown) in _FACES.items():
                for size, code in banks.items():
                    p50 = _p50_ms(web, path, ways[size][path])
                    floor = _p50_ms(low, f"/queue/{code}/{shown}", {})
                    if turn:
                        found.setdefault((path, size), []).append(p50)
                        found.setdefault((_FLOOR + path, size), []).append(floor)
    rows = [row for path in _FACES for row in _rows(found, path, small, large)]
    heads = ("", f"{small} open, p50 ms", f"{large} open, p50 ms", "ratio", "to floor")
    return f"A bank's queue, {where.kind}, {rounds} rounds of {READINGS} readings\n\n" + table(heads, rows)


def _p50_ms(served: Served, path: str, headers: dict[str, str]) -> float:
    port = urlsplit(served.address).port or 0
    seen = send(Plan(what="read", port=port, clients=1, ops=READINGS, paths=[path], headers=headers))
    if seen.failed:
        raise RuntimeError(str(seen.errors))
    return seen.p50_ms


def _rows(
    found: dict[tuple[str, int], list[float]], path: str, small: int, large: int
) -> Iterator[tuple[str, str, str, str, str]]:
    name, _ = _FACES[path]
    floor = found[_FLOOR + path, large]
    yield _row(f"floor of the {name}", found[_FLOOR + path, small], floor, floor)
    yield _row(name, found[path, small], found[path, large], floor)


def _row(name: str, few: list[float], many: list[float], floor: list[float]) -> tuple[str, str, str, str, str]:
    growth = [two / one for one, two in zip(few, many, strict=True)]
    above = [ours / least for ours, least in zip(many, floor, strict=True)]
    return name, middle(few), middle(many), middle(growth, ".2f"), middle(above)
