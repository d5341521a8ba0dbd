"""A bank's queue with 100,000 open negotiations beside one with 1,000: the page of the portal, and the API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.staff import Role
from hub.services.accounts import clients, staff, staff_sign_in
from hub.wiring import Hub
from tests.bench import crowd
from tests.bench.load import Plan
from tests.bench.servers import Place, hub_served
from tests.bench.submitting import send
from tests.bench.tables import middle, table

READINGS = 200
_FACES = {"/portal/": "page", "/api/v1/bank/negotiations?limit=50": "API, 50"}


def _ways_in(hub: Hub, bank_code: str) -> dict[str, dict[str, str]]:
    """The headers that open each path for the bank's people and its program."""
    at = hub.real_clock.now()
    with hub.writing(HUB) as tx:
        person, _ = staff.add(tx, role=Role.REVIEWER, email=f"r@{bank_code}.example", bank_code=bank_code, at=at)
        session = staff_sign_in.open_session(tx, person.id, at=at)
        client, _ = clients.add(tx, name=f"bank {bank_code}", scopes=("negotiations:review",), bank_code=bank_code)
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
    hub.close()
    found: dict[tuple[str, int], list[float]] = {}
    with hub_served(where, "crowd", "web") as web:
        port = urlsplit(web.address).port or 0
        for turn in range(rounds + 1):
            for path in _FACES:
                for size in banks:
                    plan = Plan(what="read", port=port, clients=1, ops=READINGS, paths=[path], headers=ways[size][path])
                    seen = send(plan)
                    if seen.failed:
                        raise RuntimeError(str(seen.errors))
                    if turn:
                        found.setdefault((path, size), []).append(seen.p50_ms)
    rows = []
    for path, name in _FACES.items():
        few, many = found[path, small], found[path, large]
        ratios = [two / one for one, two in zip(few, many, strict=True)]
        rows.append((name, middle(few), middle(many), middle(ratios, ".2f")))
    heads = ("", f"{small} open, p50 ms", f"{large} open, p50 ms", "ratio")
    return f"A bank's queue, {where.kind}, {rounds} rounds of {READINGS} readings\n\n" + table(heads, rows)
