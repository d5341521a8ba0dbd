"""`hub conformance`: a sound bank passes every check, and each fault of a bank fails the check that is about it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from hub.banks.conformance import story
from hub.banks.conformance.application import evidence_content
from hub.banks.conformance.examining import examined
from hub.banks.conformance.report import Mark
from hub.banks.port import Answering
from hub.banks.simulator.http_side import Reply, Request
from hub.banks.simulator.port import Way
from hub.domain.bank import Bank, BankRules
from hub.domain.bank_event import EventType
from hub.domain.china import china_day
from hub.domain.errors import Unusable
from hub.settings import Settings
from hub.wiring import Hub
from tests.applications import ICBC
from tests.banks.conformance.trials import Run, endpoint, failed, hub_of, started, trial_of
from tests.banks.joined import NO, TERMS, FarBank
from tests.conftest import SECRET
from tests.services.case import everything_stored

pytestmark = pytest.mark.slow

# Before any offer of today ends, whichever day the tests run on.
SOON = (china_day(datetime.now(UTC)) + timedelta(days=2)).isoformat()


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
    assert failed(examine(webhook)) == fails


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
        said = examine(far, says=lambda: far.say(EventType.OFFERED, "1" * 32, changed))
        checks = {check.name: check for check in said}
    form = checks["says it in the agreed form"]
    assert (form.mark, named in form.came) == (Mark.FAILED, True)


def test_a_bank_whose_signature_is_wrong_is_asked_nothing_that_hangs_on_it(webhook: FarBank, examine: Run) -> None:
    webhook.behave("silent")
    checks = examine(webhook, says=lambda: webhook.say(EventType.OFFERED, "1" * 32, TERMS, way=Way.FORGED))
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
        checks = {check.name: check for check in examine(webhook, url=url)}
    assert checks["fetches the evidence"].mark is (Mark.PASSED if passes else Mark.FAILED)
    assert found == ([(200, evidence_content())] if passes else [(401, b"")])


def test_a_bank_that_gives_up_after_a_503_fails(webhook: FarBank, examine: Run) -> None:
    webhook.behave("silent")
    checks = examine(
        webhook,
        says=lambda: [
            webhook.say(EventType.OFFERED, "1" * 32, TERMS, event_id="a" * 32),
            webhook.say(EventType.REJECTED, "1" * 32, NO, event_id="b" * 32),
        ],
    )
    assert failed(checks) == ["repeats under its id what was answered 503"]


def test_a_kind_without_a_system_is_not_examined(tmp_path: Path, sqlite_database: str) -> None:
    hub = Hub(Settings(home=tmp_path, database_url=sqlite_database, evidence_url="file:///x", secret_keys=SECRET))
    bank = Bank(code=ICBC, name_zh="行", name_en="B", adapter="portal", settings={}, rules=BankRules())
    with pytest.raises(Unusable, match="portal"):
        list(examined(trial_of(hub, bank), port=None, host="", opened=lambda door: None))
    assert not isinstance(hub.adapters.of(bank), Answering)
    hub.close()
