"""What a worker has in hand of the outbox: another's as soon as it is dead, and nobody's while it lives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.domain.clock import FixedClock
from hub.mail.senders import Unreachable
from hub.services.notifications import in_hand, outgoing_mail, outgoing_sms
from hub.services.notifications.in_hand import HELD_FOR
from hub.wiring import Hub
from hub.work.jobs import SWEEP_INTERVAL_S
from storage.claims import LOCK_SPACE, SILENT_WHILE_SENDING, Claim, Claims
from storage.database import Database
from tests import applications
from tests.mail.server import KeptMail
from tests.services.conftest import OpenCase, SetRules
from tests.services.notifications.test_outgoing_sms import Gateway
from tests.services.posting import DESK, Posting
from tests.storage.owner import as_owner

CASES = 3


class Died(BaseException):
    """The worker is gone in the middle, as by SIGKILL."""


def die() -> None:
    raise Died


class Worker:
    """One that sends mails of the outbox, with a claim of its own."""

    def __init__(self, hub: Hub, machine: FixedClock, database: str) -> None:
        self._hub, self._machine = hub, machine
        self._database = Database(database)
        self._claims = Claims(self._database, silent_for=SILENT_WHILE_SENDING)
        self.kept = KeptMail()

    def work(self) -> int:
        claim = Claim(claims=self._claims, what="mail")
        return outgoing_mail.send_due(self._hub, self.kept, self._machine, claim=claim)

    def work_and_die(self) -> None:
        """Its first mail was handed over, and nobody told."""
        self.kept.after = die
        with pytest.raises(Died):
            self.work()
        self.end()

    def end(self) -> None:
        """The server sees that it is gone."""
        self._claims.close()
        self._database.close()


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules, open_case: OpenCase) -> Posting:
    """Some people are to be told of their cases, and the desk by one mail of them all."""
    set_rules(desk_email=DESK)
    for _ in range(CASES):
        open_case()
    return Posting(hub=hub, clock=clock)


@pytest.fixture
def workers(hub: Hub, posting: Posting, database: str) -> Iterator[Callable[[], Worker]]:
    """A way to have workers that end."""
    made: list[Worker] = []

    def make() -> Worker:
        made.append(Worker(hub, posting.machine, database))
        return made[-1]

    yield make
    for each in made:
        each.end()


def copies(*workers: Worker) -> Counter[str]:
    """How often each mail was handed over, by its Message-ID."""
    return Counter(str(mail["Message-ID"]) for each in workers for mail in each.kept.sent)


def cut_off(database: str) -> None:
    """The server has lost the connections that claims are held by."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space"
    with as_owner(database) as connection:
        connection.execute(sa.text(query), {"space": LOCK_SPACE})


def test_what_a_dead_worker_had_in_hand_is_sent_within_half_a_minute(
    posting: Posting, workers: Callable[[], Worker]
) -> None:
    dead, other = workers(), workers()
    dead.work_and_die()
    assert other.work() == 0
    assert HELD_FOR + timedelta(seconds=SWEEP_INTERVAL_S) < timedelta(seconds=30)
    posting.machine.at += HELD_FOR
    assert other.work() > CASES
    # Of the one that had gone out nobody knew.
    assert sorted(copies(dead, other).values(), reverse=True)[:2] == [2, 1]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_a_living_worker_has_in_hand_is_left_to_it_however_long_it_takes(
    posting: Posting, workers: Callable[[], Worker]
) -> None:
    slow, other = workers(), workers()
    by_other: list[int] = []

    def wait() -> None:
        posting.machine.at += timedelta(minutes=5)
        by_other.append(other.work())

    slow.kept.after = wait
    assert slow.work() == len(by_other) > CASES
    assert set(by_other) == {0}
    assert set(copies(slow).values()) == {1}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_workers_share_what_is_due_among_them(workers: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_hand, "BATCH", 2)
    first, second = workers(), workers()
    # While the first has its first two in hand.
    first.kept.after = second.work
    assert first.work() == 2
    assert len(second.kept.sent) >= CASES
    assert set(copies(first, second).values()) == {1}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_that_was_cut_off_sends_no_more_of_what_it_had_in_hand(
    posting: Posting, workers: Callable[[], Worker], database: str
) -> None:
    cut, other = workers(), workers()
    cut.kept.after = lambda: cut_off(database)
    assert cut.work() == 1
    posting.machine.at += HELD_FOR
    assert other.work() >= CASES
    cut.kept.after = lambda: None
    assert cut.work() == 0
    assert set(copies(cut, other).values()) == {1}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_is_in_hand_of_a_worker_whose_mail_server_is_away(
    posting: Posting, workers: Callable[[], Worker]
) -> None:
    without, other = workers(), workers()
    without.kept.answers = [Unreachable("nobody listens")]
    assert without.work() == 0
    # All but the one that was tried.
    assert other.work() >= CASES
    assert set(copies(without, other).values()) == {1}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_text_messages_are_left_to_a_living_worker_too(
    hub: Hub, posting: Posting, open_case: OpenCase, database: str
) -> None:
    for number in range(CASES):
        open_case(applicant=applications.person(number, email=None))
    opened = Database(database)
    claims = [Claims(opened, silent_for=SILENT_WHILE_SENDING) for _ in range(2)]
    slow, other = Gateway(), Gateway()

    def send(gateway: Gateway, mine: Claims) -> int:
        return outgoing_sms.send_due(hub, gateway, posting.machine, claim=Claim(claims=mine, what="sms"))

    def wait() -> None:
        posting.machine.at += timedelta(minutes=5)
        assert send(other, claims[1]) == 0

    slow.after = wait
    assert send(slow, claims[0]) == len(slow.sent) >= CASES
    assert (other.sent, send(other, claims[1])) == ([], 0)
    for each in claims:
        each.close()
    opened.close()
