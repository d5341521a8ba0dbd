"""`hub conformance`: a sound bank passes every check, and each fault of a bank fails the check that is about it."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pikepdf
import pytest
import urllib3

from hub.banks.conformance import story
from hub.banks.conformance.application import REFERENCE, evidence_content, submitted
from hub.banks.conformance.examining import examined
from hub.banks.conformance.report import Check, Mark, Trial
from hub.banks.outgoing import OutgoingHttp
from hub.banks.port import Answering
from hub.banks.simulator.http_side import HttpSide, Reply, Request
from hub.banks.simulator.port import Way
from hub.domain.actor import HUB
from hub.domain.bank import Bank, BankRules
from hub.domain.bank_event import EventType
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.errors import Unusable
from hub.services.operating import banks as bank_deeds
from hub.settings import Settings
from hub.web.language import language_of
from hub.web.refusals import refusal_of
from hub.wiring import Hub
from schemas.strict_json import decode
from tests.applications import ICBC
from tests.banks.joined import FAR, NO, TERMS, FarBank, far_bank
from tests.conftest import SECRET
from tests.services.case import everything_stored
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow
# Before any offer of today ends, whichever day the tests run on.
SOON = (china_day(datetime.now(UTC)) + timedelta(days=2)).isoformat()


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


def trial_of(hub: Hub, bank: Bank, *, hub_url: str = "https://hub.example", wait_s: float | None = None) -> Trial:
    numbers = count(1)
    return Trial(
        bank=bank,
        adapter=hub.adapters.of(bank),
        surroundings=hub.adapters.surroundings,
        negotiation="1" * 32,
        started_at=hub.real_clock.now(),
        new_id=lambda: f"{next(numbers):032x}",
        hub_url=hub_url,
        refusal_of=lambda error, headers: refusal_of(error, language_of(headers.get("accept-language", ""))),
        wait_s=wait_s,
    )


def failed(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if check.mark is Mark.FAILED]


@pytest.fixture
def examine(sqlite_database: str, tmp_path: Path, port: int) -> Iterator[Callable[..., list[Check]]]:
    """A way to examine a bank; what is said is waited for unless `listens` is False."""
    with ExitStack() as stack:

        def run(far: FarBank, *, listens: bool = True, wait_s: float = 20.0, **settings: str) -> list[Check]:
            hub, bank = stack.enter_context(hub_of(far, tmp_path, sqlite_database, **settings))
            trial = trial_of(hub, bank, hub_url=f"http://127.0.0.1:{port}", wait_s=wait_s if listens else None)
            where = port if listens else None
            return list(examined(trial, port=where, host="127.0.0.1", opened=lambda door: None))

        yield run


Run = Callable[..., list[Check]]


def test_a_sound_bank_passes_every_check(far: FarBank, examine: Run) -> None:
    checks = examine(far)
    assert failed(checks) == []
    asked = [check for check in checks if check.mark is Mark.PASSED]
    assert len(asked) >= {"webhook": 20, "unionpay": 19, "sftp": 15, "email": 3}.get(far.far_side.kind, 1)
    assert all(check.came and not check.to_do for check in asked)


def test_the_bank_has_every_type_of_message_and_the_last_withdraws_the_test(far: FarBank, examine: Run) -> None:
    examine(far)
    kinds = [line["kind"] for line in far.wrote("took")]
    told = [f"negotiation.{each}" for each in ("submitted", "message", "withdrawn")]
    if far.far_side.speaks:
        told[2:2] = ["negotiation.counter_offered", "negotiation.accepted", "agreement.ended"]
    assert list(dict.fromkeys(kinds)) == told
    assert kinds[-1] == "negotiation.withdrawn"


def test_what_a_bank_says_is_not_asked_unless_somebody_waits_for_it(far: FarBank, examine: Run) -> None:
    checks = examine(far, listens=False)
    assert failed(checks) == []
    asked = {check.name: check.came for check in checks if check.mark is Mark.NOT_ASKED}
    assert len(asked) >= {"email": 2, "sftp": 8}.get(far.far_side.kind, 11)
    assert all(asked.values())
    assert any("withdrawal" in check.name for check in checks if check.mark is Mark.PASSED)


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
        trial = trial_of(hub, bank, hub_url=f"http://127.0.0.1:{port}", wait_s=20.0)
        checks = list(examined(trial, port=port, host="127.0.0.1", opened=lambda door: None))
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
        ("accept,twice", ["does nothing twice"]),
    ],
)
def test_what_a_bank_says_wrong_fails_the_check_that_is_about_it(
    webhook: FarBank, examine: Run, behaviour: str, fails: list[str]
) -> None:
    webhook.behave(behaviour)
    assert failed(examine(webhook, wait_s=4.0)) == fails


@pytest.mark.parametrize("kind", ["unionpay", "sftp"])
def test_a_bank_of_another_kind_that_handles_everything_twice_fails(
    kind: str, port: int, tmp_path: Path, examine: Run
) -> None:
    with started(kind, port, tmp_path) as far:
        far.behave("accept,twice")
        assert failed(examine(far)) == ["does nothing twice"]


@pytest.mark.parametrize("kind", ["webhook", "unionpay", "sftp"])
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"terms": TERMS["terms"] | {"principal_fen": 9_000_000}}, "/data/terms/principal_fen: more_than_owed"),
        ({"terms": TERMS["terms"] | {"first_due_on": SOON}}, "/data/terms/first_due_on: first_due_before_end"),
    ],
    ids=["more than is owed", "due before its own end"],
)
def test_an_offer_that_the_hub_would_refuse_fails(
    kind: str, changed: dict[str, object], named: str, port: int, tmp_path: Path, examine: Run
) -> None:
    with started(kind, port, tmp_path) as far:
        far.behave("silent")
        say = threading.Timer(1.0, lambda: far.say(EventType.OFFERED, "1" * 32, changed))
        say.start()
        try:
            checks = {check.name: check for check in examine(far, wait_s=4.0)}
        finally:
            say.join()
    form = checks["says it in the agreed form"]
    assert (form.mark, named in form.came) == (Mark.FAILED, True)


def test_a_bank_whose_signature_is_wrong_is_asked_nothing_that_hangs_on_it(webhook: FarBank, examine: Run) -> None:
    webhook.behave("silent")
    say = threading.Timer(1.0, lambda: webhook.say(EventType.OFFERED, "1" * 32, TERMS, way=Way.FORGED))
    say.start()
    try:
        checks = examine(webhook, wait_s=3.0)
    finally:
        say.join()
    assert failed(checks) == ["says something about the test application", "signs and stamps what it says"]
    marks = {check.name: check.mark for check in checks}
    for name in ("says it in the agreed form", "repeats under its id what was answered 503", *story.NAMES):
        assert marks[name] is Mark.NOT_ASKED


@pytest.mark.parametrize(("token", "passes"), [("Bearer x", True), ("", False)])
def test_evidence_that_is_fetched_is_fetched_with_a_token(
    webhook: FarBank, examine: Run, port: int, token: str, passes: bool
) -> None:
    """The bank fetches the file while its own answer is still awaited, by the url that stands in the packet."""
    found: list[tuple[int, bytes]] = []

    def answer(request: Request) -> Reply:
        [file] = json.loads(request.body)["data"].get("evidence") or [None]
        if isinstance(file, dict) and not found:
            fetched = urllib3.request("GET", file["url"], headers={"Authorization": token} if token else {})
            found.append((fetched.status, fetched.data))
        return Reply(status=204)

    with endpoint(answer) as url:
        checks = {check.name: check for check in examine(webhook, wait_s=0.5, url=url)}
    assert checks["fetches the evidence"].mark is (Mark.PASSED if passes else Mark.FAILED)
    assert found == ([(200, evidence_content())] if passes else [(401, b"")])


def test_the_one_file_is_a_pdf_that_can_be_opened() -> None:
    with pikepdf.open(io.BytesIO(evidence_content())) as pdf:
        assert len(pdf.pages) == 1


ADVICE = [
    (Reply(status=302), "Redirects are not followed"),
    (Reply(status=401, body="签名不对".encode()), "compare secret or keys"),
    (Reply(status=404), "path of the bank's url"),
    (Reply(status=410), "never to come again"),
    (Reply(status=500, body=b"<h1>Oops</h1>\n\n at line 7"), "own system failed"),
    (Reply(status=400, body=b"x" * 500), "the secret and the clock"),
]


@pytest.mark.parametrize(("reply", "advised"), ADVICE, ids=[str(reply.status) for reply, _ in ADVICE])
def test_the_advice_fits_what_the_bank_answered_and_its_words_are_shown(
    webhook: FarBank, examine: Run, reply: Reply, advised: str
) -> None:
    with endpoint(lambda _: reply) as url:
        first = examine(webhook, listens=False, url=url)[0]
    assert advised in first.to_do
    words = " ".join(reply.body.decode().split())
    assert first.came.startswith(f"HTTP {reply.status}, " if reply.status != 410 else "HTTP 410 (")
    assert (words[:200] in first.came, len(first.came) < 400) == (True, True)


def test_where_nobody_listens_the_advice_says_so(webhook: FarBank, examine: Run) -> None:
    first = examine(webhook, listens=False, url=f"http://127.0.0.1:{free_port()}/")[0]
    assert ("no whole answer" in first.came, "Nobody listens there" in first.to_do) == (True, True)


def test_where_the_answer_takes_too_long_the_advice_says_how_long_it_may(
    webhook: FarBank, examine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.wiring.OutgoingHttp", partial(OutgoingHttp, answer_s=0.3))
    webhook.behave("silent,slow=1")
    first = examine(webhook, listens=False)[0]
    assert ("no whole answer" in first.came, "within 15 s" in first.to_do) == (True, True)


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
        list(examined(trial_of(hub, bank), port=None, host="", opened=lambda door: None))
    assert not isinstance(hub.adapters.of(bank), Answering)
    hub.close()
