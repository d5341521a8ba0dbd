"""`hub retention`: what is kept and what is due, holds, and a person who asks by letter."""

from __future__ import annotations

import json
from pathlib import Path

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import negotiations
from tests.commands.conftest import RunHub
from tests.conftest import Submit


def reference_of(hub: Hub, negotiation_id: str) -> str:
    with hub.reading(HUB) as tx:
        found = negotiations.find_negotiation(tx, negotiation_id)
        assert found is not None
        return found.reference


def test_every_class_is_shown_with_its_days(run_hub: RunHub) -> None:
    shown = json.loads(run_hub("retention", "show", "--json").out)
    days = {each["class"]: (each["days"], each["due"]) for each in shown["classes"]}
    assert (days["files"], days["application"], days["agreement"]) == ((90, 0), (183, 0), (3653, 0))
    assert shown["holds"] == []
    said = run_hub("retention", "show").out
    assert "files  90 days from the end of the negotiation  due now: 0, next: none" in said
    assert "sign_in  1 day from their own end" in said
    assert "audit  never erased" in said
    # Each class says what becomes of it.
    assert [line for line in said.splitlines() if "  " not in line] == []


def test_what_is_due_can_be_run_dry(run_hub: RunHub) -> None:
    assert json.loads(run_hub("retention", "run", "--dry-run", "--json").out) == {
        "dry_run": True,
        "erased": {"application": 0, "agreement": 0, "files": 0, "agreement_files": 0},
    }
    assert "files  0 erased" in run_hub("retention", "run").out


def test_a_hold_is_put_on_and_lifted(hub: Hub, run_hub: RunHub, submitted: Submit) -> None:
    reference = reference_of(hub, next(iter(submitted().negotiations.values())))
    assert run_hub("retention", "hold", reference, "--reason", "court order").status == 0
    assert f"held  {reference}" in run_hub("retention", "show").out
    assert run_hub("retention", "hold", reference, "--reason", "again").status == 1
    assert run_hub("retention", "release", reference).status == 0
    assert run_hub("retention", "release", reference).status == 1


def test_a_hold_without_a_reason_says_that_none_was_stated(hub: Hub, run_hub: RunHub, submitted: Submit) -> None:
    reference = reference_of(hub, next(iter(submitted().negotiations.values())))
    assert run_hub("retention", "hold", reference).status == 0
    [held] = run_hub("retention", "show", "--json").json["holds"]
    assert (held["reference"], held["reason"]) == (reference, "not stated")


def test_who_still_negotiates_is_not_erased(hub: Hub, run_hub: RunHub, submitted: Submit) -> None:
    reference = reference_of(hub, next(iter(submitted().negotiations.values())))
    refused = run_hub("retention", "erase", reference)
    assert (refused.status, refused.error) == (1, f"Error: still open, so withdraw first: {reference}\n")
    assert run_hub("retention", "erase", "XS-20000101-000000").status == 1


def test_what_was_erased_is_listed_for_after_a_restore(run_hub: RunHub, tmp_path: Path) -> None:
    assert run_hub("retention", "erased", "--since", "2026-11-21").out == ""
    assert run_hub("retention", "erased", "--json").json == []
    line = '{"reference": "XS-20261121-000000", "class": "files", "cause": "due", "at": "2026-11-21T10:00:00+08:00"}'
    (tmp_path / "erased.jsonl").write_text(f"{line}\n")
    said = run_hub("retention", "replay", str(tmp_path / "erased.jsonl"))
    assert (said.status, said.out) == (0, "unknown  XS-20261121-000000  files\n")
    (tmp_path / "erased.jsonl").write_text("nonsense\n")
    said = run_hub("retention", "replay", str(tmp_path / "erased.jsonl"))
    assert (said.status, len(said.error.splitlines())) == (1, 1)
