"""`hub bank`, `hub client`, `hub staff` and `hub operator`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.bank_words import ICBC
from tests.commands.conftest import RunHub


def test_a_bank_is_added_listed_shown_and_set(run_hub: RunHub) -> None:
    added = run_hub("bank", "add", *ICBC, "--set", "hotline=95588", "--set", "response_days=5")
    assert (added.status, added.error) == (0, "")
    assert [each["code"] for each in run_hub("bank", "list", "--json").json] == ["01020000"]
    changed = run_hub("bank", "set", "01020000", "closes_at=17:30", "pause_on_evidence=true", "--json").json
    shown = run_hub("bank", "show", "01020000", "--json").json
    assert shown == changed
    settings = shown["settings"]
    assert {name: settings[name] for name in ("hotline", "response_days", "closes_at", "pause_on_evidence")} == {
        "hotline": "95588",
        "response_days": 5,
        "closes_at": "17:30",
        "pause_on_evidence": True,
    }


def test_a_lender_is_added_shown_and_set_with_its_licence(run_hub: RunHub) -> None:
    words = ("--code", "Q7K2M9XA", *ICBC[2:], "--kind", "consumer_finance", "--licence-no", "L0001H211000001")
    assert run_hub("bank", "add", *words).status == 0
    shown = run_hub("bank", "show", "Q7K2M9XA", "--json").json
    assert (shown["kind"], shown["licence_no"], shown["regulator"]) == ("consumer_finance", "L0001H211000001", "nfra")
    assert "licence L0001H211000001" in run_hub("bank", "list").out
    changed = run_hub("bank", "set", "Q7K2M9XA", "regulator=local", "licence_no=L0001H211000002", "--json").json
    assert (changed["licence_no"], changed["regulator"]) == ("L0001H211000002", "local")


def test_a_banks_card_centre_code_reaches_it(run_hub: RunHub) -> None:
    run_hub("bank", "add", "--code", "03020000", *ICBC[2:])
    assert run_hub("bank", "show", "63020000", "--json").json["code"] == "03020000"
    assert run_hub("bank", "set", "63020000", "offer_days=5", "--json").json["settings"]["offer_days"] == 5
    words = ("--bank", "63020000", "--role", "reviewer", "--email", "a@bank.example")
    assert run_hub("staff", "add", *words, "--json").json["bank"] == "03020000"
    run_hub("client", "add", "--name", "citic", "--scope", "negotiations:review", "--bank", "63020000")
    assert [each["bank"] for each in run_hub("client", "list", "--json").json] == ["03020000"]


def test_the_defaults_are_those_of_the_contract(run_hub: RunHub) -> None:
    settings = run_hub("bank", "add", *ICBC, "--json").json["settings"]
    expected = {
        "response_days": 7,
        "closes_at": "18:00",
        "pause_on_evidence": False,
        "offer_days": 7,
        "max_counter_offers": 3,
        "four_eyes_above_fen": 5_000_000,
        "void_after_missed": 2,
        "annual_fee_during_plan": False,
    }
    assert {name: settings[name] for name in expected} == expected
    assert settings["default_clause"].strip()
    assert settings["payment_instructions"].strip()


def test_what_is_shown_can_be_set_again(run_hub: RunHub) -> None:
    run_hub("bank", "add", *ICBC, "--set", "give_up_after=36h")
    for text in ("36h", "2d", "90m"):
        run_hub("bank", "set", "01020000", f"give_up_after={text}")
        shown = run_hub("bank", "show", "01020000", "--json").json["settings"]
        assert shown["give_up_after"] == text
        words = [f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in shown.items()]
        assert run_hub("bank", "set", "01020000", *words).status == 0
        assert run_hub("bank", "show", "01020000", "--json").json["settings"] == shown


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("set", "01020000", "colour=red"), "colour"),
        (("set", "01020000", "closes_at=25:00"), "closes_at"),
        (("set", "01020000", "response_days=many"), "response_days"),
        (("set", "01020000", "default_clause=逾期三日，本协议自动终止。"), "自动终止"),
        (("set", "01020000", "approval_levels=5000000:auditor"), "supervisor, bank_admin"),
        (("set", "01020000", "approval_levels=supervisor"), "5000000:supervisor"),
        (("show", "99999999"), "code"),
        (("set", "99999999", "hotline=1"), "code"),
        (("add", *ICBC), "01020000"),
        (("add", "--code", "123", *ICBC[2:]), "8"),
        (("add", "--code", "03080000", *ICBC[2:7], "pigeon"), "portal"),
        (("add", "--code", "Q7K2M9XA", *ICBC[2:], "--kind", "small_loan"), "12378"),
        (("add", "--code", "花呗", *ICBC[2:], "--kind", "small_loan", "--licence-no", "L0001"), "花呗"),
        (("set", "01020000", "kind=small_loan"), "licence number"),
    ],
)
def test_what_cannot_be_is_one_line_that_names_it(run_hub: RunHub, words: tuple[str, ...], named: str) -> None:
    run_hub("bank", "add", *ICBC)
    said = run_hub("bank", *words)
    assert said.status != 0
    assert said.out == ""
    [line] = said.error.splitlines()
    assert named in line


def test_nothing_is_set_where_one_key_is_wrong(run_hub: RunHub) -> None:
    run_hub("bank", "add", *ICBC)
    run_hub("bank", "set", "01020000", "hotline=95588", "colour=red")
    assert run_hub("bank", "show", "01020000", "--json").json["settings"]["hotline"] == ""


def test_a_reader_that_has_read_enough_is_no_error(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "hub", "calendar", "show", "--from", "2026-01-01", "--days", "3000"]
    ended = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, env={**os.environ}, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, b"")
