"""`hub partner`: the register of licensed lenders from a terminal."""

from __future__ import annotations

from tests.commands.conftest import RunHub

WORDS = (
    "name_zh=安信消费金融",
    "name_en=Anxin",
    "licence_no=L0001",
    "kinds=at_the_end, instalments",
    "max_annual_percent=18",
    "example_principal_fen=1000000",
    "example_cost_fen=8000",
    "example_months=1",
    "url=https://anxin.example/",
    "handover_url=https://anxin.example/referrals",
)


def test_a_partner_is_added_changed_and_switched_off(run_hub: RunHub) -> None:
    added = run_hub("partner", "add", "anxin", *WORDS, "--json").json
    assert added["secret"].startswith("whsec_")
    shown = run_hub("partner", "show", "anxin", "--json").json
    assert (shown["kinds"], shown["has_secret"], shown["off"]) == (["at_the_end", "instalments"], True, False)
    assert added["secret"] not in run_hub("partner", "show", "anxin").out
    changed = run_hub("partner", "set", "anxin", "name_en=Anxin Finance", "--json").json
    assert (changed["name_en"], changed["licence_no"]) == ("Anxin Finance", "L0001")
    assert run_hub("partner", "off", "anxin", "--json").json["off"]
    assert "switched off" in run_hub("partner", "list").out
    assert not run_hub("partner", "on", "anxin", "--json").json["off"]
    assert run_hub("partner", "renew", "anxin", "--json").json["secret"] != added["secret"]


def test_a_partner_without_a_licence_or_above_its_ceiling_is_refused(run_hub: RunHub) -> None:
    for changes in (("licence_no=",), ("example_cost_fen=16000",), ("max_annual_percent=25",)):
        refused = run_hub("partner", "add", "anxin", *WORDS, *changes)
        assert refused.status != 0
    assert run_hub("partner", "list", "--json").json == []
