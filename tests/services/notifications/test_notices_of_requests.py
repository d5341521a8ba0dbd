"""Host apps are told of requests beside negotiations as of negotiations: ids and statuses, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.client import Client
from hub.domain.service_request import RequestKind
from hub.services.accounts import subjects
from hub.services.notifications import client_notices
from hub.services.requests import moving, showing
from hub.wiring import Hub
from storage import service_requests
from tests.applications import ICBC
from tests.conftest import AddClient
from tests.services.notifications.test_client_notices import URL, Ears
from tests.services.requests.asking import BANK, PERSON, Happens, open_one, spoken_words, tiny_kind

__all__ = ["tiny_kind"]


@pytest.fixture
def client(add_client: AddClient, banks: dict[str, Bank]) -> Client:
    found, _ = add_client("told app", "applications:read", "applications:write")
    return found


def opened(hub: Hub, client: Client) -> tuple[str, str]:
    """(id of the row, id of the matter) of a request of the client's person."""
    with hub.writing(HUB) as tx:
        record = open_one(tx, ICBC, subject=subjects.of_client(tx, client.id, "person-1"))
        return record.id, record.matter_id


def told(hub: Hub, ears: Ears) -> list[dict[str, Any]]:
    """What the app was told, after all that is due was tried."""
    while True:
        with hub.reading(HUB) as tx:
            due = [job.argument for job in client_notices.jobs_due(tx, limit=100)]
        if not due:
            return [json.loads(body) for _, body in ears.heard]
        for each in due:
            client_notices.tell(hub, ears, hub.real_clock, each)


def test_a_change_and_a_banks_word_are_told_in_their_order_and_a_persons_word_is_not(
    hub: Hub, client: Client, tiny_kind: None
) -> None:
    ears = Ears()
    with hub.writing(HUB) as tx:
        client_notices.set_url(tx, ears, client.name, URL)
    row, matter = opened(hub, client)
    with hub.writing(HUB) as tx:
        record = service_requests.lock(tx, row)
        moving.note(tx, record, spoken_words(PERSON))
        moving.note(tx, record, spoken_words(BANK))
        moving.move(tx, record, Happens.ANSWERED, spoken_words(BANK))
    found = told(hub, ears)
    assert {each["type"] for each in found} == {"request.updated"}
    assert [each["data"]["status"] for each in found] == ["with_bank", "with_bank", "done"]
    assert found[-1]["data"] == {"id": matter, "kind": "deduction", "bank_code": ICBC, "status": "done"}


def test_that_a_clerk_looked_at_the_person_is_no_change(
    hub: Hub, client: Client, tiny_kind: None, work_off: Callable[[], int]
) -> None:
    ears = Ears()
    with hub.writing(HUB) as tx:
        client_notices.set_url(tx, ears, client.name, URL)
    _, matter = opened(hub, client)
    work_off()
    before = told(hub, ears)
    with hub.writing(BANK) as tx:
        showing.note_shown(tx, matter, "核对账户", bank_code=ICBC, kind=RequestKind.DEDUCTION)
    assert told(hub, ears) == before


def test_who_wants_no_notices_gets_none(hub: Hub, client: Client, tiny_kind: None) -> None:
    opened(hub, client)
    assert told(hub, Ears()) == []


def test_what_could_not_be_told_is_told_again_by_command(
    hub: Hub, client: Client, tiny_kind: None, work_off: Callable[[], int]
) -> None:
    ears = Ears()
    with hub.writing(HUB) as tx:
        client_notices.set_url(tx, ears, client.name, URL)
    opened(hub, client)
    ears.answers = [410]
    told(hub, ears)
    heard = len(ears.heard)
    with hub.writing(HUB) as tx:
        assert client_notices.tell_again(tx, client.name) == 1
    assert len(told(hub, ears)) == heard + 1
