"""`hub conformance`: a sound bank passes every check, and each fault of a bank fails the check that is about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from hub.banks.conformance.application import REFERENCE, submitted
from hub.banks.conformance.examining import examined
from hub.banks.conformance.report import Check, Mark, Trial
from hub.banks.port import Answering
from hub.banks.simulator.http_side import HttpSide, Reply, Request
from hub.domain.actor import HUB
from hub.domain.bank import Bank, BankRules
from hub.domain.bank_event import EventType
from hub.domain.clock import FixedClock
from hub.domain.errors import Unusable
from hub.services import banks as bank_deeds
from hub.settings import Settings
from hub.wiring import Hub
from schemas.strict_json import decode
from tests.applications import ICBC
from tests.banks.joined import FAR, NO, TERMS, FarBank, far_bank
from tests.conftest import SECRET
from tests.postgres_server import free_port
from tests.services.case import everything_stored

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    """Where the temporary door is."""
    return free_port()


@pytest.fixture(params=FAR)
def far(request: pytest.FixtureRequest, port: int, tmp_path: Path) -> Iterator[FarBank]:
    """A sound bank, once of each kind; it acknowledges and offers."""
    with started(request.param, port, tmp_path) as made:
        yield made


@contextmanager
def started(kind: str, port: int, tmp_path: Path) -> Iterator[FarBank]:
    clock = FixedClock(datetime.now(UTC))
    with far_bank(
        kind, ICBC, tmp_path / "bank", hub_url=f"http://127.0.0.1:{port}", clock=clock, business=clock
    ) as made:
        made.behave("accept")
        yield made


@contextmanager
def hub_of(far: FarBank, tmp_path: Path, database: str, **settings: str) -> Iterator[tuple[Hub, Bank]]:
    """A hub that the bank is joined to, with those settings instead of its own."""
    hub = Hub(
        Settings(
            home=tmp_path,
            database_url=database,
            evidence_url=f"file://{tmp_path}",
            secret_keys=SECRET,
            smtp_url=far.far_side.joining.environment.get("HUB_SMTP_URL"),
        )
    )
    try:
        with hub.writing(HUB) as tx:
            yield (
                hub,
                bank_deeds.add(
                    tx,
                    code=ICBC,
                    name_zh="行",
                    name_en="Bank",
                    adapter=far.far_side.kind,
                    settings={**far.settings, **settings},
                ),
            )
    finally:
        hub.close()


def trial_of(hub: Hub, bank: Bank) -> Trial:
    numbers = count(1)
    return Trial(
        bank=bank,
        adapter=hub.adapters.of(bank),
        surroundings=hub.adapters.surroundings,
        negotiation="1" * 32,
        started_at=hub.real_clock.now(),
        new_id=lambda: f"{next(numbers):032x}",
    )


def failed(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if check.mark is Mark.FAILED]


@pytest.fixture
def examine(sqlite_database: str, tmp_path: Path, port: int) -> Iterator[Callable[..., list[Check]]]:
    """A way to examine a bank; what is said is waited for unless `listens` is False."""
    with ExitStack() as stack:

        def run(far: FarBank, *, listens: bool = True, wait_s: float = 20.0, **settings: str) -> list[Check]:
            hub, bank = stack.enter_context(hub_of(far, tmp_path, sqlite_database, **settings))
            return list(
                examined(
                    trial_of(hub, bank),
                    port=port if listens else None,
                    host="127.0.0.1",
                    wait_s=wait_s,
                    opened=lambda door: None,
                )
            )

        yield run


Run = Callable[..., list[Check]]


def test_a_sound_bank_passes_every_check(far: FarBank, examine: Run) -> None:
    checks = examine(far)
    assert failed(checks) == []
    asked = [check for check in checks if check.mark is Mark.PASSED]
    assert len(asked) >= {"webhook": 16, "unionpay": 15, "sftp": 5, "email": 1}.get(far.far_side.kind, 1)
    assert all(check.came and not check.to_do for check in asked)


def test_what_a_bank_says_is_not_asked_unless_somebody_waits_for_it(far: FarBank, examine: Run) -> None:
    checks = examine(far, listens=False)
    assert failed(checks) == []
    assert [check.name for check in checks if check.mark is Mark.NOT_ASKED][-7:-1]


def test_the_test_application_is_of_nobody_and_says_so(tmp_path: Path, port: int, sqlite_database: str) -> None:
    with started("webhook", port, tmp_path) as far, hub_of(far, tmp_path, sqlite_database) as (hub, bank):
        sent = submitted(trial_of(hub, bank))
    packet = decode(sent.body)
    assert isinstance(packet, dict)
    assert (sent.reference, packet["reference"], packet["applicant"]["name"]) == (REFERENCE, REFERENCE, "测试")
    assert "不是真实申请" in packet["hardship"]["description"]


def test_nothing_is_written_to_the_hubs_database(tmp_path: Path, port: int, sqlite_database: str) -> None:
    with started("webhook", port, tmp_path) as far:
        with hub_of(far, tmp_path, sqlite_database) as (hub, bank):
            pass
        before = everything_stored(hub)
        checks = list(examined(trial_of(hub, bank), port=port, host="127.0.0.1", wait_s=20.0, opened=lambda door: None))
        assert (failed(checks), everything_stored(hub)) == ([], before)
        hub.close()


# Banks that are not sound.


@contextmanager
def endpoint(answer: Callable[[Request], Reply]) -> Iterator[str]:
    """The address of an endpoint that answers like that, whatever comes."""
    side = HttpSide(0, answer)
    try:
        yield f"http://127.0.0.1:{side.port}/"
    finally:
        side.close()


@pytest.fixture
def webhook(port: int, tmp_path: Path) -> Iterator[FarBank]:
    with started("webhook", port, tmp_path) as made:
        yield made


REFUSALS = [
    "refuses what is not signed",
    "refuses a signature of another secret",
    "refuses a body that was changed after it was signed",
    "refuses an id that was changed after it was signed",
    "refuses an old stamp",
    "refuses a stamp of the future",
]


def test_a_bank_that_believes_everything_fails_each_check_of_signatures_and_stamps(
    webhook: FarBank, examine: Run
) -> None:
    with endpoint(lambda _: Reply(status=204)) as url:
        checks = examine(webhook, listens=False, url=url)
    assert failed(checks) == REFUSALS
    assert all(check.to_do for check in checks if check.mark is Mark.FAILED)


def test_a_bank_that_takes_nothing_is_asked_no_further(webhook: FarBank, examine: Run) -> None:
    with endpoint(lambda _: Reply(status=500)) as url:
        checks = examine(webhook, listens=False, url=url)
    assert failed(checks) == ["takes a well-signed test application"]
    assert {check.mark for check in checks[1:]} == {Mark.NOT_ASKED}


def test_a_bank_that_refuses_what_it_knows_fails_the_repeat(webhook: FarBank, examine: Run) -> None:
    seen: set[str] = set()
    lock = threading.Lock()

    def answer(request: Request) -> Reply:
        with lock:
            known = request.headers["webhook-id"] in seen
            seen.add(request.headers["webhook-id"])
        return Reply(status=409 if known else 204)

    with endpoint(answer) as url:
        checks = examine(webhook, listens=False, url=url)
    assert "takes the same id again, stamped and signed afresh" in failed(checks)


@pytest.mark.parametrize(
    ("behaviour", "fails"),
    [
        ("silent", ["says something about the test application"]),
        ("accept,out-of-order", ["acknowledges before it decides"]),
        ("accept,forged", ["signs and stamps what it says"]),
        ("accept,late", ["signs and stamps what it says"]),
        ("accept,replayed", ["says one thing under one id"]),
        ("accept,stray", ["says it in the agreed form"]),
        ("ask", ["decides: an offer or a rejection"]),
    ],
)
def test_what_a_bank_says_wrong_fails_the_check_that_is_about_it(
    webhook: FarBank, examine: Run, behaviour: str, fails: list[str]
) -> None:
    webhook.behave(behaviour)
    assert failed(examine(webhook, wait_s=4.0)) == fails


def test_a_bank_that_gives_up_after_a_503_fails(webhook: FarBank, examine: Run) -> None:
    webhook.behave("silent")
    say = threading.Timer(
        1.0,
        lambda: [
            webhook.say(EventType.OFFERED, "1" * 32, TERMS, event_id="a" * 32),
            webhook.say(EventType.REJECTED, "1" * 32, NO, event_id="b" * 32),
        ],
    )
    say.start()
    try:
        checks = examine(webhook, wait_s=4.0)
    finally:
        say.join()
    assert failed(checks) == ["repeats under its id what was answered 503"]


def test_a_kind_without_a_system_is_not_examined(tmp_path: Path, sqlite_database: str) -> None:
    hub = Hub(Settings(home=tmp_path, database_url=sqlite_database, evidence_url="file:///x", secret_keys=SECRET))
    bank = Bank(code=ICBC, name_zh="行", name_en="B", adapter="portal", settings={}, rules=BankRules())
    with pytest.raises(Unusable, match="portal"):
        list(examined(trial_of(hub, bank), port=None, host="", wait_s=0, opened=lambda door: None))
    assert not isinstance(hub.adapters.of(bank), Answering)
    hub.close()
