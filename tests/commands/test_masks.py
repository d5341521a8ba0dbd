"""No command that only reads prints anything of a cardholder: who they are, how to reach them, what they said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import ICBC, account, person
from tests.commands.conftest import RunHub
from tests.conftest import Submit

MARKED = {"name": "欧阳标记", "mobile": "13912348763", "email": "marker73@example.com", "subject": "subject-marker-73"}
WORDS = "标记困难一句"
COMMANDS = (
    ("audit",),
    ("bank", "list"),
    ("client", "list"),
    ("delivery", "list"),
    ("log", "verify"),
    ("retention", "show"),
    ("retention", "erased"),
    ("retention", "run", "--dry-run"),
    ("staff", "list"),
    ("task", "list"),
    ("task", "refusals"),
    ("check", "--all"),
)


@pytest.fixture
def reference(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> str:
    """Of a negotiation whose person is marked in all that they say."""
    sent = submitted(
        ICBC,
        applicant={**person(873), **MARKED},
        accounts=[account()],
        hardship={"reasons": ["illness"], "since": "2026-06-01", "description": WORDS},
    )
    work_off()
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, sent.negotiation).reference


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_reads_prints_nothing_of_a_person(
    run_hub: RunHub, reference: str, command: tuple[str, ...]
) -> None:
    marks = [*MARKED.values(), person(873)["id_number"], account()["card_number"], WORDS]
    for more in ((), ("--json",)):
        said = run_hub(*command, *more)
        assert [each for each in marks if each in said.out + said.error] == []
    assert run_hub(*command).status == 0
