"""People at banks by the command line."""

from tests.commands.bank_words import ICBC
from tests.commands.conftest import RunHub


def test_accounts_are_enrolled_by_a_link_that_is_shown_once(run_hub: RunHub) -> None:
    run_hub("bank", "add", *ICBC)
    staff = run_hub("staff", "add", "--bank", "01020000", "--role", "reviewer", "--email", "r@icbc.example")
    operator = run_hub("operator", "add", "--email", "o@hub.example")
    for said in (staff, operator):
        assert (said.status, said.error) == (0, "")
        assert "http://127.0.0.1:8000/" in said.out
    unknown = run_hub("staff", "add", "--bank", "99999999", "--role", "reviewer", "--email", "x@icbc.example")
    assert (unknown.status, len(unknown.error.splitlines())) == (1, 1)


def test_people_at_banks_are_given_names(run_hub: RunHub) -> None:
    run_hub("bank", "add", *ICBC)
    who = ("--bank", "01020000", "--role", "reviewer", "--email", "r@icbc.example")
    assert run_hub("staff", "add", *who, "--name", "周敏", "--json").json["name"] == "周敏"
    assert "李敏" in run_hub("staff", "rename", "--email", "r@icbc.example", "--name", "李敏").out
    assert [each["name"] for each in run_hub("staff", "list", "--json").json if not each["demo"]] == ["李敏"]
    refused = run_hub("staff", "rename", "--email", "r@icbc.example", "--name", "李" * 81)
    assert (refused.status, len(refused.error.splitlines())) == (1, 1)


def test_people_are_put_into_teams(run_hub: RunHub) -> None:
    run_hub("bank", "add", *ICBC)
    run_hub("staff", "add", "--bank", "01020000", "--role", "reviewer", "--email", "r@icbc.example")
    bank = ("--bank", "01020000")
    assert run_hub("staff", "team", "add", *bank, "--name", "三组").out == "三组  01020000\n"
    assert run_hub("staff", "team", "rename", *bank, "--name", "三组", "--to", "五组").status == 0
    assert run_hub("staff", "place", "--email", "r@icbc.example", "--team", "五组").status == 0
    assert run_hub("staff", "team", "list", *bank, "--json").json == [{"name": "五组", "people": ["r@icbc.example"]}]
    listed = run_hub("staff", "list", *bank, "--json").json
    assert [each["team"] for each in listed if not each["demo"]] == ["五组"]
    assert run_hub("staff", "place", "--email", "r@icbc.example").status == 0
    assert run_hub("staff", "team", "list", *bank).out == "五组\n"
    for refused in (
        run_hub("staff", "team", "add", *bank, "--name", "五组"),
        run_hub("staff", "place", "--email", "r@icbc.example", "--team", "三组"),
        run_hub("staff", "place", "--email", "nobody@icbc.example"),
    ):
        assert (refused.status, len(refused.error.splitlines())) == (1, 1)
    assert run_hub("staff", "team", "remove", *bank, "--name", "五组").status == 0
    assert run_hub("staff", "team", "list", *bank, "--json").json == []
