"""Clients by the command line."""

import pytest

from tests.commands.bank_words import ICBC
from tests.commands.conftest import RunHub


def test_a_client_is_told_its_secret_once(run_hub: RunHub) -> None:
    words = ("client", "add", "--name", "host app", "--scope", "applications:write", "--scope", "applications:read")
    added = run_hub(*words, "--json").json
    assert set(added) == {"client_id", "client_secret"}
    [listed] = run_hub("client", "list", "--json").json
    assert (listed["client_id"], listed["name"]) == (added["client_id"], "host app")
    assert added["client_secret"] not in str(listed)
    again = run_hub(*words, "--json")
    assert (again.status, len(again.error.splitlines())) == (1, 1)


def test_a_client_is_disabled_enabled_and_renewed_by_name(run_hub: RunHub) -> None:
    first = run_hub("client", "add", "--name", "app", "--scope", "applications:write", "--json").json
    assert "app is disabled" in run_hub("client", "disable", "app").out
    assert run_hub("client", "list", "--json").json[0]["disabled_at"]
    again = run_hub("client", "enable", "app", "--json").json
    newer = run_hub("client", "renew", "app", "--overlap", "0", "--json").json
    assert len({each["client_id"] for each in (first, again, newer)}) == 1
    assert len({each["client_secret"] for each in (first, again, newer)}) == 3
    assert "good for 24 hours more" in run_hub("client", "renew", "app").out
    refused = run_hub("client", "set", "app")
    assert (refused.status != 0, "--notify-url or --public-key" in refused.error) == (True, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--scope", "everything"), "There is no scope everything"),
        (("--scope", "negotiations:review"), "needs a bank"),
        (("--scope", "applications:read", "--bank", "01020000"), "belongs to a bank needs the scope"),
        (("--scope", "negotiations:review", "--bank", "99999999"), "no such thing"),
    ],
)
def test_a_client_that_cannot_be_is_refused(run_hub: RunHub, words: tuple[str, ...], why: str) -> None:
    run_hub("bank", "add", *ICBC)
    said = run_hub("client", "add", "--name", "x", *words)
    assert (said.status, len(said.error.splitlines()), said.out, why in said.error) == (1, 1, "", True)
    assert run_hub("client", "list", "--json").json == []


def test_a_banks_own_client_is_bound_to_it(run_hub: RunHub) -> None:
    run_hub("bank", "add", *ICBC)
    run_hub("client", "add", "--name", "core", "--scope", "negotiations:review", "--bank", "01020000", "--json")
    assert run_hub("client", "list", "--json").json[0]["bank"] == "01020000"
