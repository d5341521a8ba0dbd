"""Host apps are told of changes: ids and statuses alone, signed, retried, and only those that asked for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook as Signer

from hub.banks.port import HttpAnswer
from hub.domain.actor import HUB
from hub.domain.errors import InvalidValue, NotFound, TryAgain
from hub.services.notifications import client_notices
from hub.services.operating import operator_tasks, task_causes
from hub.wiring import Hub
from storage.records import ClientNoticeRecord
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase

URL = "http://127.0.0.1:9/told"


class Ears:
    """A host app's endpoint that honours the port: takes what comes, unless `answers` holds something else."""

    def __init__(self) -> None:
        self.answers: list[int | TryAgain] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []

    def check_url(self, url: str) -> str:
        return url

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, TryAgain):
            raise answer
        self.heard.append((dict(headers), body))
        return HttpAnswer(status=answer, body=b"")

    def data(self) -> list[dict[str, Any]]:
        return [json.loads(body)["data"] for _, body in self.heard]


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def listening(open_case: OpenCase, hub: Hub, ears: Ears) -> tuple[Case, str]:
    """A case at the bank whose client wants to be told from now on, and the secret that it was given."""
    case = open_case(CMB)
    with hub.writing(HUB) as tx:
        secret = client_notices.set_url(tx, ears, case.sent.client.name, URL)
    assert secret is not None
    return case, secret


def tell(case: Case, ears: Ears) -> int:
    """Every notice that is due was tried, one of a negotiation after the other; gives how many."""
    tried: set[str] = set()
    while True:
        with case.hub.reading(HUB) as tx:
            due = {job.argument for job in client_notices.jobs_due(tx, limit=100)} - tried
        if not due:
            return len(tried)
        for notice_id in due:
            client_notices.tell(case.hub, ears, case.hub.real_clock, notice_id)
        tried |= due


def statuses(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return list(tx.session.scalars(sa.select(ClientNoticeRecord.status).order_by(ClientNoticeRecord.id)))


def test_each_change_is_told_with_id_and_status_and_nothing_else(listening: tuple[Case, str], ears: Ears) -> None:
    case, secret = listening
    case.acknowledge()
    case.offer()
    assert tell(case, ears) == 2
    assert ears.data() == [{"id": case.id, "status": "in_review"}, {"id": case.id, "status": "offered"}]
    headers, body = ears.heard[0]
    assert json.loads(body)["type"] == "negotiation.updated"
    assert set(json.loads(body)) == {"type", "timestamp", "data"}
    Signer(secret).verify(body, headers)
    assert (tell(case, ears), statuses(case.hub)) == (0, ["told", "told"])


def test_the_banks_words_are_a_change_and_the_cardholders_own_are_none(listening: tuple[Case, str], ears: Ears) -> None:
    case, _ = listening
    case.write("您好")
    assert tell(case, ears) == 0
    case.ask()
    assert tell(case, ears) == 1


def test_a_change_that_the_person_brings_about_is_told_too(listening: tuple[Case, str], ears: Ears) -> None:
    case, _ = listening
    case.withdraw()
    assert tell(case, ears) == 1
    assert ears.data() == [{"id": case.id, "status": "withdrawn"}]


def test_a_client_that_did_not_ask_is_told_nothing(open_case: OpenCase, ears: Ears) -> None:
    case = open_case(CMB)
    case.acknowledge()
    assert tell(case, ears) == 0


@pytest.mark.parametrize("answer", [500, 404, 302, TryAgain("no answer in time")])
def test_what_was_not_taken_is_told_again_under_the_same_id_with_the_same_words(
    listening: tuple[Case, str], ears: Ears, answer: int | TryAgain
) -> None:
    case, _ = listening
    ears.answers = [answer]
    case.acknowledge()
    tell(case, ears)
    assert statuses(case.hub) == ["waiting"]
    assert tell(case, ears) == 0
    case.clock.at += timedelta(seconds=10)
    tell(case, ears)
    assert statuses(case.hub) == ["told"]
    heard = {(headers["webhook-id"], body) for headers, body in ears.heard}
    assert len(heard) == 1


def test_after_three_days_it_is_given_up_and_the_operator_told_once_a_day(
    listening: tuple[Case, str], ears: Ears
) -> None:
    case, _ = listening
    ears.answers = [TryAgain("gone away")] * 1000
    case.acknowledge()
    case.offer()
    for _ in range(80):
        tell(case, ears)
        case.clock.at += timedelta(hours=1)
    assert statuses(case.hub) == ["given_up", "given_up"]
    with case.hub.reading(HUB) as tx:
        [task] = [each for each in operator_tasks.open_tasks(tx) if each.kind == "client_not_told"]
    assert (task.params["client"], task.params["status"]) == (case.sent.client.name, "in_review")
    assert task.reference is not None


def test_what_was_given_up_is_told_again_when_asked_for_and_the_task_ends(
    listening: tuple[Case, str], ears: Ears
) -> None:
    case, _ = listening
    ears.answers = [410, 410]
    case.acknowledge()
    tell(case, ears)
    case.offer()
    tell(case, ears)
    assert statuses(case.hub) == ["given_up", "given_up"]
    with case.hub.writing(HUB) as tx:
        assert client_notices.tell_again(tx, case.sent.client.name) == 2
    task_causes.look(case.hub)
    tell(case, ears)
    tell(case, ears)
    assert statuses(case.hub) == ["told", "told"]
    assert [each["status"] for each in ears.data()][-2:] == ["in_review", "offered"]
    with case.hub.writing(HUB) as tx:
        assert [each.kind for each in operator_tasks.open_tasks(tx)] == []
        assert client_notices.tell_again(tx, case.sent.client.name) == 0


def test_an_older_state_is_not_told_again_after_a_newer_one(listening: tuple[Case, str], ears: Ears) -> None:
    case, _ = listening
    ears.answers = [410]
    case.acknowledge()
    tell(case, ears)
    case.offer()
    tell(case, ears)
    assert statuses(case.hub) == ["given_up", "told"]
    with case.hub.writing(HUB) as tx:
        assert client_notices.tell_again(tx, case.sent.client.name) == 0


def test_an_app_never_hears_of_an_older_state_last(listening: tuple[Case, str], ears: Ears) -> None:
    case, _ = listening
    ears.answers = [503]
    case.acknowledge()
    case.offer()
    assert (tell(case, ears), statuses(case.hub)) == (1, ["waiting", "waiting"])
    case.clock.at += timedelta(seconds=10)
    tell(case, ears)
    assert [each["status"] for each in ears.data()] == ["in_review", "in_review", "offered"]


def test_gone_for_good_is_not_tried_again(listening: tuple[Case, str], ears: Ears) -> None:
    case, _ = listening
    ears.answers = [410]
    case.acknowledge()
    tell(case, ears)
    assert statuses(case.hub) == ["given_up"]


def test_taking_the_address_back_ends_what_waits(listening: tuple[Case, str], ears: Ears) -> None:
    case, _ = listening
    case.acknowledge()
    with case.hub.writing(HUB) as tx:
        assert client_notices.set_url(tx, ears, case.sent.client.name, None) is None
    tell(case, ears)
    assert (statuses(case.hub), ears.heard) == (["not_wanted"], [])


def test_an_address_that_may_not_be_called_is_refused_and_nothing_is_written(hub: Hub, open_case: OpenCase) -> None:
    case = open_case(CMB)
    with pytest.raises(InvalidValue) as refusal, hub.writing(HUB) as tx:
        client_notices.set_url(tx, hub.http, case.sent.client.name, "ftp://host/told")
    assert refusal.value.code == "url_form"
    with pytest.raises(NotFound), hub.writing(HUB) as tx:
        client_notices.set_url(tx, hub.http, "nobody", URL)
    case.acknowledge()
    assert statuses(hub) == []


def test_the_sweep_puts_what_is_due_into_the_queue_of_its_client(
    listening: tuple[Case, str], hub: Hub, work_off: Callable[[], int]
) -> None:
    case, _ = listening
    case.acknowledge()
    with hub.reading(HUB) as tx:
        [job] = client_notices.jobs_due(tx, limit=10)
    assert (job.name, job.partition) == ("tell_client", f"client/{case.client_id}")
