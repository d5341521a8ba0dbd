"""The audit by the command line."""

from hub.wiring import Hub
from tests.applications import ICBC
from tests.commands.conftest import RunHub


def test_the_audit_is_listed_from_a_day_on(run_hub: RunHub, hub: Hub) -> None:
    run_hub("bank", "add", "--code", ICBC, "--name-zh", "工行", "--name-en", "ICBC", "--adapter", "portal")
    run_hub("bank", "set", ICBC, "hotline=95588", "sign_on_secret=kept-from-all")
    assert [each["kind"] for each in run_hub("audit", "--json").json] == ["bank_added", "bank_set"]
    assert "bank_set" in run_hub("audit").out
    assert "keys=hotline,sign_on_secret" in run_hub("audit").out
    assert run_hub("audit", "--json").json[-1]["details"]["after"] == "hotline=95588"
    assert "kept-from-all" not in run_hub("audit", "--json").out
    assert run_hub("audit", "--json", "--since", "2099-01-01").json == []
    refused = run_hub("audit", "--since", "yesterday")
    assert (refused.status, len(refused.error.splitlines())) == (1, 1)
