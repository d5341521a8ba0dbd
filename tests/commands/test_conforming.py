"""Conformance by the command line."""

from __future__ import annotations

import pytest

from hub.banks.port import Answering
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.commands.conftest import RunHub
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow


def test_a_bank_that_fails_makes_conformance_fail_and_say_what_to_do(run_hub: RunHub, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.add_bank(
            tx,
            code="01020000",
            name_zh="行",
            name_en="B",
            adapter="webhook",
            settings={"url": f"http://127.0.0.1:{free_port()}/", "secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"},
        )
    said = run_hub("conformance", "01020000")
    assert said.status == 1
    assert "FAIL       takes a well-signed test application" in said.out
    assert "do: Nobody listens there" in said.out
    assert said.error.splitlines() == [line for line in said.error.splitlines() if line.startswith("Error: 1 of ")]


def test_conformance_of_a_bank_that_is_not_there_or_has_no_endpoint_is_one_line(run_hub: RunHub, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        portal: Bank = bank_rows.add_bank(tx, code="01020000", name_zh="行", name_en="B", adapter="portal", settings={})
    assert not isinstance(hub.adapters.of(portal), Answering)
    for code in ("01020000", "99999999"):
        said = run_hub("conformance", code)
        assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
