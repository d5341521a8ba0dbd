"""The hub's pages and API over a real pgbouncer that hands out connections by the transaction."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.health.database_words import TO_DO
from storage.database_errors import reason_of
from tests.applications import CMB
from tests.commands.conftest import RunHub
from tests.commands.processes import StartHub, answers
from tests.deploy.databases import OWNER, PGBOUNCER, RUNNER, RoledServer, pgbouncer_before, roled_server
from tests.deploy.whole_way import go, programs, token
from tests.jobs.waiting import wait_until
from tests.kills.story import newest_code
from tests.storage.postgres_server import free_port
from tests.weather.serving import Program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PGBOUNCER is None, reason="this machine has no pgbouncer"),
]
# Fewer than one web process would open by itself.
CONNECTIONS = 4


@pytest.fixture
def roled(run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[RoledServer]:
    """The server with its roles and tables; commands come in as who runs the hub."""
    with roled_server() as made:
        monkeypatch.setenv("HUB_DATABASE_URL", made.url(OWNER))
        assert run_hub("db", "upgrade").status == 0
        monkeypatch.setenv("HUB_DATABASE_URL", made.url(RUNNER))
        yield made


def test_a_negotiation_goes_its_whole_way_and_banks_stay_apart(
    roled: RoledServer, run_hub: RunHub, start_hub: StartHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = start_hub("worker", "--printers", "1")
    with pgbouncer_before(roled, default_pool_size=str(CONNECTIONS)) as pooler, monkeypatch.context() as of_web:
        of_web.setenv("HUB_DATABASE_URL", roled.url(RUNNER, pooler.port) + "?application_name=web")
        of_web.setenv("HUB_DATABASE_POOLER", "transaction")
        address = f"http://127.0.0.1:{free_port()}"
        web = start_hub("web", "--port", address.rpartition(":")[2], "--workers", "2")
        wait_until(lambda: answers(address) or not web.runs, what="an answer")
        assert web.runs, web.said
        of_web.undo()

        app, bank = programs(run_hub, lambda given_token: Program(address=address, token=given_token))
        made = go(app, bank, lambda: newest_code(home / "sms"))
        assert made["status"] == "agreed"

        other = _another_bank(run_hub, address)
        for _ in range(20):
            # More callers than connections: each waits its turn, and none sees another bank's rows.
            assert _at_once(bank, other, made["id"]) == {("mine", 200), ("others", 404), ("list", 1), ("no list", 0)}

        named = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'web'"
        [(connections,)] = roled.ask(named)
        assert 0 < connections <= CONNECTIONS

        pooler.end()
        wait_until(lambda: _ready(address) == 503, what="a word that it cannot work")
        pooler.start()
        wait_until(lambda: _ready(address) == 200, what="the hub to go on by itself")
        # The other process may still hold a connection of before: its caller comes again, as the answer says.
        wait_until(lambda: app.get(f"/api/v1/negotiations/{made['id']}").status == 200, what="both to go on")
        assert (web.end(), worker.end()) == (0, 0), web.said
        assert "Traceback" not in web.said
    assert run_hub("check", "--all").status == 0


def _ready(address: str) -> int:
    return Program(address=address, token="").get("/readyz").status


def _another_bank(run_hub: RunHub, address: str) -> Program:
    words = ("--code", CMB, "--name-zh", "招商银行", "--name-en", "CMB", "--adapter", "portal")
    assert run_hub("bank", "add", *words).status == 0
    client = run_hub("client", "add", "--name", "cmb", "--scope", "negotiations:review", "--bank", CMB, "--json").json
    return Program(address=address, token=token(Program(address=address, token=""), client))


def _at_once(bank: Program, other: Program, negotiation: str) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()

    def look(name: str, who: Program, path: str) -> None:
        answer = who.get(f"/api/v1/bank/negotiations{path}")
        found.add((name, len(answer.json["items"]) if "list" in name else answer.status))

    looks = [
        threading.Thread(target=look, args=each)
        for each in (
            ("mine", bank, f"/{negotiation}"), ("others", other, f"/{negotiation}"),
            ("list", bank, "?status=agreed"), ("no list", other, "?status=agreed"),
        ) * 3
    ]  # fmt: skip
    for each in looks:
        each.start()
    for each in looks:
        each.join()
    return found


@pytest.mark.parametrize("words", [("worker",), ("db", "upgrade")], ids=" ".join)
def test_what_holds_more_than_a_transaction_says_that_it_needs_the_server_itself(
    roled: RoledServer, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HUB_DATABASE_POOLER", "transaction")
    said = run_hub(*words)
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert "without HUB_DATABASE_POOLER" in said.error


def test_a_pooler_that_is_not_set_is_told_from_a_server_that_is_away(
    roled: RoledServer, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pgbouncer_before(roled) as pooler:
        monkeypatch.setenv("HUB_DATABASE_URL", roled.url(RUNNER, pooler.port))
        assert _why(run_hub) == "pooler_not_set"
    # What a pooler says of a server that went away behind it.
    assert reason_of(psycopg.errors.ProtocolViolation()) == "pooler_no_answer"


def _why(run_hub: RunHub) -> str:
    """The word that a command and the doctor have for why the database cannot be used, with what to do."""
    details = {each["part"]: each["detail"] for each in run_hub("doctor", "--json").json["parts"]}
    word, _, to_do = details["database"].partition(": ")
    assert to_do == TO_DO[word]
    assert run_hub("task", "list").error == f"Error: The database cannot be used ({word}): {to_do}.\n"
    return str(word)


def test_a_role_whose_settings_say_nothing_does_not_start_over_a_pooler(
    roled: RoledServer, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    roled.server.execute("ALTER ROLE hub_runner IN DATABASE hub RESET hub.bank")
    monkeypatch.setenv("HUB_DATABASE_POOLER", "transaction")
    said = run_hub("bank", "list")
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert "database.sql" in said.error
