"""The pages and calls that are measured: where each is at a size, who opens it, and the bare SELECT of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from hub.app import create_app
from hub.domain.actor import HUB
from hub.domain.case_search import search_for
from hub.domain.scope import Scope
from hub.domain.staff import Role
from hub.domain.visitor import VisitorKind
from hub.services.accounts import clients, demo_accounts, sign_in, staff, staff_sign_in
from hub.services.applications.person_index import person_indexes
from hub.services.reading.bank import searching
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import staff as staff_rows
from storage.clients import add_client, find_client_named
from storage.records.negotiations import QUEUE_SQL
from tests.bench.million import world

# A copy of the same story at each size: the longest that is the bank's turn.
_CASE: Final = (
    "SELECT id, reference FROM negotiation "
    f"WHERE bank_code = %s AND {QUEUE_SQL} AND status = 'in_review' ORDER BY log_length DESC, due_at, id LIMIT 1"
)
_QUEUE: Final = (
    "SELECT id, reference, status, due_at FROM negotiation "
    f"WHERE bank_code = %s AND {QUEUE_SQL} ORDER BY due_at, id LIMIT %s"
)
_FOUND: Final = (
    "SELECT n.id, n.reference FROM search_key k JOIN negotiation n ON n.id = k.negotiation_id "
    "WHERE k.bank_code = %s AND k.key = ANY(%s) ORDER BY n.id DESC LIMIT 200"
)
_REFERENCE: Final = "SELECT id, status FROM negotiation WHERE reference = %s"
_LOG: Final = (
    "SELECT * FROM log_entry JOIN log_content USING (negotiation_id, sequence) "
    "WHERE negotiation_id = %s ORDER BY sequence"
)
_PERSON: Final = "SELECT id, reference, status FROM negotiation WHERE person_index = ANY(%s) ORDER BY id DESC"
_KEY_BYTES: Final = 16
_LISTS: Final = ("/portal/dashboard", "/portal/agreements", "/portal/answers")
_OF_OPERATORS: Final = ("/ops/", "/ops/deliveries", "/ops/mails", "/ops/clocks")


@dataclass(frozen=True, slots=True)
class Face:
    """One page or call at one size, and what a bare SELECT of the same rows asks; of many lists none."""

    path: str
    headers: Mapping[str, str]
    floor: str = ""
    asked: tuple[Any, ...] = ()


class Visitors:
    """Who looks at a hub's pages: the headers that open them."""

    def __init__(self, hub: Hub, tx: HubTransaction) -> None:
        self._app, self._tx, self._now = create_app(hub), tx, hub.real_clock.now()
        self._signer: Any = self._app.session_interface.get_signing_serializer(self._app)  # type: ignore[attr-defined]

    def _cookie(self, kind: VisitorKind, token: str) -> dict[str, str]:
        return {"Cookie": f"{self._app.config['SESSION_COOKIE_NAME']}={self._signer.dumps({kind.value: token})}"}

    def at_desk(self, staff_id: str) -> dict[str, str]:
        """Somebody of a bank."""
        return self._cookie(VisitorKind.STAFF, staff_sign_in.open_session(self._tx, staff_id, at=self._now))

    def operator(self) -> dict[str, str]:
        """The operator."""
        there = demo_accounts.find_demo(self._tx, role=Role.OPERATOR, bank_code=None)
        email = "operator@bench.example"
        account = there or staff.add_demo(self._tx, role=Role.OPERATOR, email=email, bank_code=None, name="平台运营")
        return self.at_desk(account.id)

    def person(self, somebody: world.Somebody, client_id: str) -> dict[str, str]:
        """A cardholder, sent over by their host app."""
        person = {
            "client_id": client_id,
            "subject": somebody.subject,
            "name": somebody.name,
            "mobile": somebody.mobile,
            "id_type": "resident_id",
            "id_number": somebody.id_number,
            "cards": [],
        }
        return self._cookie(VisitorKind.CARDHOLDER, sign_in.open_session(self._tx, person, at=self._now))

    def bank(self, code: str) -> dict[str, str]:
        """A bank's program."""
        name = f"bank {code} {self._now:%d%H%M%S}"
        client, _ = add_client(self._tx, name=name, scopes=(Scope.REVIEW,), bank_code=code)
        return {"Authorization": f"Bearer {clients.grant_token(self._tx, client, [Scope.REVIEW], at=self._now)}"}

    def host_app(self) -> tuple[str, dict[str, str]]:
        """The host app's id, and what opens the API to it."""
        client = find_client_named(self._tx, world.CLIENT)
        assert client is not None
        token = clients.grant_token(self._tx, client, [Scope.READ, Scope.WRITE], at=self._now)
        return client.id, {"Authorization": f"Bearer {token}"}


def faces_of(hub: Hub, address: str) -> tuple[dict[str, Face], dict[str, str]]:
    """Every page and call by what it is; and the headers of the host app, which submits."""
    found: dict[str, Face] = {}
    with hub.writing(HUB) as tx, psycopg.connect(address) as floor:
        visitors = Visitors(hub, tx)
        client_id, app = visitors.host_app()
        for code, where in ((world.MEASURED, "300 open"), (world.GROWING, "4 % of all open")):
            [[case, _]] = floor.execute(_CASE, (code,)).fetchall()
            reviewer = next(each for each in staff_rows.list_of_bank(tx, code) if each.role == Role.REVIEWER)
            page, api = visitors.at_desk(reviewer.id), visitors.bank(code)
            found |= {
                f"queue page, {where}": Face("/portal/", page, _QUEUE, (code, 30)),
                f"API's queue of 50, {where}": Face("/api/v1/bank/negotiations?limit=50", api, _QUEUE, (code, 50)),
                f"case page, {where}": Face(f"/portal/negotiations/{case}", page, _LOG, (case,)),
                f"case by the API, {where}": Face(f"/api/v1/bank/negotiations/{case}", api, _LOG, (case,)),
                **{f"`{path}`, {where}": Face(path, page) for path in _LISTS},
            }
        return found | _of_growing(tx, floor, visitors, client_id, app), app


def _of_growing(
    tx: HubTransaction,
    floor: psycopg.Connection[Any],
    visitors: Visitors,
    client_id: str,
    app: Mapping[str, str],
) -> dict[str, Face]:
    code = world.GROWING
    [[case, reference]] = floor.execute(_CASE, (code,)).fetchall()
    # The number of a copy stands in its ids.
    somebody = world.somebody(world.FIRST_COPY + int(case[17:24], 16))
    _, searcher, *_ = (each for each in staff_rows.list_of_bank(tx, code) if each.role == Role.REVIEWER)
    page = visitors.at_desk(searcher.id)
    name = searching.word_for_address(tx, staff.value_of(tx, searcher), somebody.name)
    keys = [
        tx.keyring.index(f"{code}/{each}", purpose="search")[:_KEY_BYTES] for each in search_for(somebody.name).keys
    ]
    persons = person_indexes(tx, "resident_id", somebody.id_number)
    mine = visitors.person(somebody, client_id)
    return {
        **{f"`{path}`": Face(path, visitors.operator()) for path in _OF_OPERATORS},
        "search by number": Face(f"/portal/?q={reference}", page, _REFERENCE, (reference,)),
        "search by name": Face(f"/portal/?q={name}", page, _FOUND, (code, keys)),
        "a person's page": Face("/my/", mine, _PERSON, (persons,)),
        "a person's negotiation": Face(f"/my/negotiations/{case}", mine, _LOG, (case,)),
        "host app's list": Face(f"/api/v1/negotiations?subject={somebody.subject}", app, _PERSON, (persons,)),
        "host app's negotiation": Face(f"/api/v1/negotiations/{case}", app, _LOG, (case,)),
    }
