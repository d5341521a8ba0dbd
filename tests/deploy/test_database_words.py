"""A refused sign-in, an unknown database and a server that is not there are told apart, and nobody's password is."""

import re
from collections.abc import Iterator

import pytest

from hub.health.database_words import TO_DO
from tests.commands.conftest import RunHub
from tests.deploy.databases import PASSWORDS, RUNNER, RoledServer, roled_server
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def roled() -> Iterator[RoledServer]:
    """The server with its roles."""
    with roled_server() as made:
        yield made


@pytest.fixture(params=["sign_in_refused", "no_such_database", "no_answer"])
def reason(request: pytest.FixtureRequest, roled: RoledServer, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> str:
    """Why the database that the settings name cannot be used."""
    right = roled.url(RUNNER)
    reason = str(request.param)
    addresses = {
        "sign_in_refused": right.replace(PASSWORDS[RUNNER], "a-guess"),
        "no_such_database": re.sub("/hub$", "/nothing", right),
        "no_answer": roled.url(RUNNER, free_port()),
    }
    monkeypatch.setenv("HUB_DATABASE_URL", addresses[reason])
    return reason


def test_a_command_and_the_doctor_name_why_the_database_cannot_be_used(run_hub: RunHub, reason: str) -> None:
    said = run_hub("task", "list")
    assert (said.status, said.out) == (1, "")
    assert said.error == f"Error: The database cannot be used ({reason}): {TO_DO[reason]}.\n"
    doctor = run_hub("doctor", "--json")
    details = {each["part"]: each["detail"] for each in doctor.json["parts"]}
    assert details["database"] == f"{reason}: {TO_DO[reason]}"
    for kept in (*PASSWORDS.values(), "a-guess", RUNNER, "127.0.0.1", "HUB_HOME"):
        assert kept not in said.error + details["database"]


def test_the_folder_is_named_of_sqlite_alone(run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "sqlite:////nowhere/at/all/hub.db")
    said = run_hub("task", "list")
    assert said.error == (
        "Error: The database cannot be used (OperationalError); check HUB_DATABASE_URL, or the hub's folder HUB_HOME.\n"
    )
