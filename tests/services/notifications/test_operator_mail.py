"""Mails to the operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.operator_task import TaskKind
from hub.mail.senders import Unreachable
from hub.services.notifications import operator_mail
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.mail.server import text_of
from tests.services.conftest import OpenCase

OPERATORS = ("o@hub.example", "p@hub.example")


class Post:
    """A mail server that takes everything, unless it has `errors`, or one for whom it is."""

    address = "no-reply@hub.example"

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.errors: list[Exception] = []
        self.errors_of: dict[str, Exception] = {}

    @contextmanager
    def opened(self) -> Iterator[Post]:
        yield self

    def send(self, message: EmailMessage) -> None:
        if self.errors:
            raise self.errors.pop()
        if message["To"] in self.errors_of:
            raise self.errors_of[message["To"]]
        self.taken.append(message)

    def check(self) -> str:
        return "here"


@pytest.fixture
def post() -> Post:
    return Post()


def test_one_mail_tells_of_all_that_is_new_and_each_once(
    open_case: OpenCase, simulated: SimulatedBank, post: Post
) -> None:
    simulated.answers.extend([RefusedForGood("410 for 王小明 13800138000")])
    case = open_case(CMB)
    case.at("2026-11-25 09:00")
    assert operator_mail.tell(case.hub, post, OPERATORS) == 1
    assert [message["To"] for message in post.taken] == list(OPERATORS)
    text = text_of(post.taken[0])
    assert "有 1 件事需要处理" in str(post.taken[0]["Subject"])
    with case.row() as (_, row):
        assert row.reference in text
        # Its last digits are drawn, and may be any.
        text = text.replace(row.reference, "")
    assert "送达已放弃" in text
    assert "/ops/tasks" in text
    assert "a message was given up" in text
    assert not any(word in text for word in ("王小明", "13800138000", "410"))
    assert operator_mail.tell(case.hub, post, OPERATORS) == 0
    assert len(post.taken) == 2


@pytest.mark.parametrize("error", [TryAgain("away"), RefusedForGood("no such box")])
def test_a_mail_that_is_not_taken_now_comes_later_and_one_that_never_will_is_left(
    open_case: OpenCase, simulated: SimulatedBank, post: Post, error: Exception
) -> None:
    simulated.answers.append(RefusedForGood("410"))
    case = open_case(CMB)
    post.errors.append(error)
    told = isinstance(error, RefusedForGood)
    assert operator_mail.tell(case.hub, post, OPERATORS[:1]) == (1 if told else 0)
    assert operator_mail.tell(case.hub, post, OPERATORS[:1]) == (0 if told else 1)
    assert len(post.taken) == (0 if told else 1)


@pytest.mark.parametrize("error", [TryAgain("mailbox full"), RefusedForGood("no such box")])
@pytest.mark.parametrize("place", [0, 1])
def test_the_mailbox_of_one_operator_silences_no_other(
    open_case: OpenCase, simulated: SimulatedBank, post: Post, error: Exception, place: int
) -> None:
    simulated.answers.append(RefusedForGood("410"))
    case = open_case(CMB)
    post.errors_of[OPERATORS[place]] = error
    assert operator_mail.tell(case.hub, post, OPERATORS) == 1
    assert [message["To"] for message in post.taken] == [OPERATORS[1 - place]]
    # Whoever has heard is not mailed the same again.
    assert operator_mail.tell(case.hub, post, OPERATORS) == 0


def test_a_mail_server_that_goes_away_midway_is_asked_for_all_again(
    open_case: OpenCase, simulated: SimulatedBank, post: Post
) -> None:
    simulated.answers.append(RefusedForGood("410"))
    case = open_case(CMB)
    post.errors_of[OPERATORS[1]] = Unreachable("421")
    assert operator_mail.tell(case.hub, post, OPERATORS) == 0
    post.errors_of.clear()
    assert operator_mail.tell(case.hub, post, OPERATORS) == 1
    assert [message["To"] for message in post.taken] == [OPERATORS[0], *OPERATORS]


def test_every_kind_of_task_has_a_title_in_the_mail() -> None:
    assert set(operator_mail._TITLES) == set(TaskKind)


def test_nobody_is_mailed_where_no_address_is_set(open_case: OpenCase, simulated: SimulatedBank, post: Post) -> None:
    simulated.answers.append(RefusedForGood("410"))
    case = open_case(CMB)
    assert operator_mail.tell(case.hub, post, ()) == 0
    assert operator_mail.tell(case.hub, post, OPERATORS) == 1
