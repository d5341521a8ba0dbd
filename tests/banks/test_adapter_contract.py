"""What every adapter keeps, whatever its system: the port's promises, asked of each kind alike over real sockets.

Each kind meets its simulated bank; the hub's door is its web application. A new kind passes by being there.
"""

import tracemalloc
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import pytest

from hub.app import create_app
from hub.bank_calls import taken_or_refused
from hub.banks.catalogue import Catalogue
from hub.banks.port import Adapter, Batch, Batching, Collecting, Message, MessageKind, Receipt
from hub.banks.simulator.port import Does, Way
from hub.domain.actor import HUB
from hub.domain.bank import READERS, Bank, BankRules
from hub.domain.bank_event import EventType
from hub.domain.clock import FixedClock
from hub.domain.errors import DeliveryError, InvalidValue, RefusedForGood, TryAgain, Unusable
from hub.domain.evidence import EvidenceKind
from hub.mail.senders import SmtpSender
from hub.services import banks as bank_deeds
from hub.services import collecting
from hub.settings import Settings
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage import bank_events
from storage import banks as bank_rows
from tests import applications
from tests.applications import CITIC, ICBC
from tests.banks.joined import (
    CALL_S,
    FarBank,
    RecordedHttp,
    all_but_refusals,
    far_bank,
    record_calls,
    refused,
    served,
    surroundings_of,
)
from tests.banks.simulated import SimulatedBank
from tests.conftest import SECRET, SentMessages, Submit
from tests.jobs.draining import run_waiting
from tests.jobs.waiting import wait_until
from tests.postgres_server import free_port
from tests.services.case import Case

pytestmark = pytest.mark.slow

# By the contract any 2xx means that a webhook bank has the message, whatever stands in the answer.
TAKES_ANY_PAGE = {"webhook"}
KINDS = Catalogue(surroundings=SimulatedBank()).kinds  # type: ignore[arg-type]  # nothing is made of it here
FAR = [kind for kind in KINDS if kind != "portal" and find_spec(f"hub.banks.simulator.{kind}") is not None]
PACKET = b'{"accounts":[],"negotiation":"%s","proposal":{},"reference":"XS-20261121-483920"}' % (b"1" * 32)


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database is enough: what is asked here does not depend on it."""
    return sqlite_database


@pytest.fixture
def port() -> int:
    """Where the hub's web application answers."""
    return free_port()


@pytest.fixture
def real_clock() -> FixedClock:
    """The machine's clock, standing: stamps and signatures of both sides live by it."""
    return FixedClock(datetime.now(UTC))


class StartBank(Protocol):
    """Starts a simulated bank."""

    def __call__(self, kind: str, code: str) -> FarBank: ...


@pytest.fixture
def start_bank(port: int, real_clock: FixedClock, clock: FixedClock, tmp_path: Path) -> Iterator[StartBank]:
    """A way to start simulated banks, each in a folder of its own."""
    with ExitStack() as stack:
        yield lambda kind, code: stack.enter_context(
            far_bank(
                kind,
                code,
                tmp_path / f"{kind}-{code}",
                hub_url=f"http://127.0.0.1:{port}",
                clock=real_clock,
                business=clock,
            )
        )


@pytest.fixture(params=FAR)
def far(request: pytest.FixtureRequest, start_bank: StartBank) -> FarBank:
    """The system of ICBC; once of each kind."""
    return start_bank(request.param, ICBC)


@pytest.fixture
def other(far: FarBank, start_bank: StartBank) -> FarBank:
    """The system of another bank, CITIC, of the same kind and with keys of its own."""
    return start_bank(far.far_side.kind, CITIC)


@pytest.fixture
def settings(tmp_path: Path, database: str, port: int, far: FarBank) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=database,
        evidence_url=f"file://{tmp_path / 'evidence'}",
        secret_keys=SECRET,
        public_url=f"http://127.0.0.1:{port}",
        smtp_url=far.far_side.joining.environment.get("HUB_SMTP_URL"),
    )


@pytest.fixture
def hub(settings: Settings, clock: FixedClock, sms: SentMessages, real_clock: FixedClock) -> Iterator[Hub]:
    """An empty hub with every adapter that is installed; both its clocks stand, and no call takes long."""
    url = settings.smtp_url
    mail = None if url is None else SmtpSender(url, settings.public_url, timeout_s=CALL_S)
    made = Hub(settings, clock=clock, sms=sms, mail=mail)
    made.real_clock = real_clock
    yield made
    made.close()


@pytest.fixture
def work_off(hub: Hub) -> Callable[[], int]:
    """Runs every waiting job, here and now; files are taken for clean and documents are blank pages."""
    page = applications.pdf()

    def inspect(chunks: Iterable[bytes], _: str) -> None:
        deque(chunks, maxlen=0)

    jobs = jobs_of(hub, inspect=inspect, printer=lambda html: page)
    return lambda: run_waiting(hub.database.engine, jobs)


@pytest.fixture
def calls(hub: Hub) -> RecordedHttp:
    """Every call by HTTP that the hub makes to banks."""
    return record_calls(hub)


@pytest.fixture
def bank(hub: Hub, calls: RecordedHttp, far: FarBank) -> Bank:
    """ICBC as the hub knows it, joined to its system by the very words that the simulated bank prints."""
    with hub.writing(HUB) as tx:
        return bank_deeds.add(
            tx, code=ICBC, name_zh="中国工商银行", name_en="ICBC", adapter=far.far_side.kind, settings=far.settings
        )


@pytest.fixture
def adapter(hub: Hub, bank: Bank) -> Adapter:
    return hub.adapters.of(bank)


# What an adapter says of itself.


def every_adapter(hub: Hub) -> list[Adapter]:
    return [*(hub.adapters.adapter(kind) for kind in hub.adapters.kinds), SimulatedBank()]


@pytest.fixture
def plain_hub(tmp_path: Path, sqlite_database: str) -> Iterator[Hub]:
    """A hub that is joined to no bank."""
    made = Hub(
        Settings(home=tmp_path, database_url=sqlite_database, evidence_url=f"file://{tmp_path}", secret_keys=SECRET)
    )
    yield made
    made.close()


def test_an_adapter_names_its_kind_and_a_reader_for_each_setting_of_its_own(plain_hub: Hub) -> None:
    for kind, adapter in zip(plain_hub.adapters.kinds, every_adapter(plain_hub), strict=False):
        assert adapter.kind == kind
        assert adapter.kind.isidentifier()
        assert isinstance(adapter.settings, Mapping)
        assert not set(adapter.settings) & set(READERS)
        assert all(callable(reader) for reader in adapter.settings.values())
        assert adapter.required <= {*adapter.settings, *READERS}
        assert adapter.in_house in (True, False)


def test_every_kind_has_a_simulated_bank_but_the_one_whose_system_is_the_hub(plain_hub: Hub) -> None:
    assert {adapter.kind for adapter in every_adapter(plain_hub) if adapter.in_house} == {"portal"}
    assert {*FAR, "portal"} == set(KINDS)


def test_the_catalogue_names_the_kinds_there_are(plain_hub: Hub) -> None:
    assert {"portal", "webhook"} <= set(plain_hub.adapters.kinds)
    with pytest.raises(Unusable, match="portal"):
        plain_hub.adapters.adapter("carrier-pigeon")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"response_days": "7", "hotline": "95588"}, None),
        ({"response_days": "0"}, "whole_number_between"),
        ({"closes_at": "25:00"}, "time_of_day"),
        ({"pause_on_evidence": "maybe"}, "true_or_false"),
        ({"give_up_after": "3 days"}, "duration"),
        ({"desk_email": "no address"}, "email"),
        ({"colour": "red"}, "setting_unknown"),
    ],
)
def test_a_banks_settings_are_checked_by_name(plain_hub: Hub, settings: dict[str, str], code: str | None) -> None:
    if code is None:
        plain_hub.adapters.check_settings("portal", settings)
        return
    with pytest.raises(InvalidValue) as refusal:
        plain_hub.adapters.check_settings("portal", settings)
    assert (refusal.value.code, refusal.value.params["key"]) == (code, next(iter(settings)))


def test_a_setting_that_is_needed_is_named(hub: Hub, far: FarBank, bank: Bank, adapter: Adapter) -> None:
    for missing in sorted(adapter.required):
        left = {key: value for key, value in far.settings.items() if key != missing}
        with pytest.raises(InvalidValue) as refusal:
            hub.adapters.check_settings(adapter.kind, left)
        assert (refusal.value.code, refusal.value.params["key"]) == ("setting_missing", missing)


# Out: the hub sends, the bank takes or does not.


def message(kind: MessageKind = MessageKind.SUBMITTED, number: int = 0) -> Message:
    return Message(
        id=f"{number:032x}",
        kind=kind,
        negotiation="1" * 32,
        body=PACKET if kind is MessageKind.SUBMITTED else b'{"negotiation":"%s","text":"1"}' % (b"1" * 32),
        queued_at=datetime(2026, 11, 21, 2, 0, tzinfo=UTC),
        reference="XS-20261121-483920",
        owed_fen=1_908_200,
        due_at=datetime(2026, 12, 1, 10, 0, tzinfo=UTC),
    )


def send(adapter: Adapter, message: Message, bank: Bank) -> Receipt:
    """One attempt, as the hub makes it: alone, or in a batch that has the same name each time."""
    if isinstance(adapter, Batching):
        return adapter.deliver_batch(Batch(day="20261121", number=int(message.id, 16) + 1, messages=[message]), bank)
    return adapter.deliver(message, bank)


def test_a_simulated_bank_counts_attempts_and_has_a_message_once() -> None:
    bank = SimulatedBank()
    bank.answers.extend([TryAgain("busy"), RefusedForGood("no")])
    there = Bank(code=ICBC, name_zh="行", name_en="B", adapter="simulated", settings={}, rules=BankRules())
    errors: list[Any] = []
    for _ in range(4):
        try:
            bank.deliver(message(), there)
        except DeliveryError as error:
            errors.append(type(error))
    assert (errors, len(bank.attempts), len(set(bank.attempts))) == ([TryAgain, RefusedForGood], 4, 1)
    assert list(bank.taken.values()) == [message()]


@pytest.mark.parametrize("kind", list(MessageKind))
def test_each_kind_of_message_may_come_twice_and_is_there_once(
    far: FarBank, bank: Bank, adapter: Adapter, kind: MessageKind
) -> None:
    receipts = [send(adapter, message(kind), bank) for _ in range(2)]
    assert all(isinstance(receipt, Receipt) for receipt in receipts)
    [taken] = far.wrote("took", kind=kind)
    assert taken["id"] == message(kind).id
    assert {line["digest"] for line in far.wrote("came")} == {taken["digest"]}


def broken_ways() -> list[Any]:
    return [
        pytest.param(Does.FAIL, "fail", id="a 5xx"),
        pytest.param(Does.REFUSE, "refuse", id="a 4xx"),
        pytest.param(Does.HTML, "html", id="a page"),
        pytest.param(Does.ENDLESS, "endless", id="an endless answer"),
        pytest.param(Does.CUT, "cut", id="a cut connection"),
        pytest.param(Does.TAKE, f"slow={3 * CALL_S}", id="too late"),
    ]


@pytest.mark.parametrize(("does", "behaviour"), broken_ways())
def test_what_the_bank_does_not_properly_take_has_not_arrived(
    far: FarBank, bank: Bank, adapter: Adapter, does: Does, behaviour: str
) -> None:
    if does not in far.far_side.does or (does is Does.TAKE and Does.FAIL not in far.far_side.does):
        pytest.skip("its wire cannot show that")
    far.behave("silent", behaviour)
    if does is Does.HTML and adapter.kind in TAKES_ANY_PAGE:
        assert isinstance(send(adapter, message(), bank), Receipt)
        return
    tracemalloc.start()
    try:
        with pytest.raises(DeliveryError) as failure:
            send(adapter, message(), bank)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(failure.value, TryAgain) or does is Does.REFUSE
    assert 0 < len(failure.value.detail) < 300
    # However much the bank answers, no more than a few times the cap of one answer is held.
    assert most < 4 * 2**20
    far.behave("silent")
    assert isinstance(send(adapter, message(), bank), Receipt)
    assert len(far.wrote("took")) == 1


def test_nobody_there_means_try_again(far: FarBank, bank: Bank, adapter: Adapter) -> None:
    far.far_side.stop()
    with pytest.raises(TryAgain):
        send(adapter, message(), bank)


def test_every_attempt_has_one_id_and_one_content_and_its_own_stamp(
    far: FarBank, bank: Bank, adapter: Adapter, calls: RecordedHttp, real_clock: FixedClock
) -> None:
    if Does.FAIL not in far.far_side.does:
        pytest.skip("its wire cannot show a failure")
    far.behave("silent", "fail=2")
    for _ in range(3):
        try:
            send(adapter, message(), bank)
        except TryAgain:
            # Later than any stamp of the attempt before could still be good: what comes is freshly stamped and signed.
            real_clock.at += timedelta(days=8)
    came = far.wrote("came")
    assert [len(came), len({line["id"] for line in came}), len({line["digest"] for line in came})] == [3, 1, 1]
    assert len(far.wrote("took")) == 1
    if calls.sent:
        assert len({(body, tuple(headers.items())) for _, body, headers in calls.sent}) == 3


# Back: the bank speaks, and the hub does it once or keeps why not.


@pytest.fixture
def banks(hub: Hub, bank: Bank, other: FarBank) -> dict[str, Bank]:
    """ICBC and CITIC with their systems, and one that works in the portal."""
    with hub.writing(HUB) as tx:
        citic = bank_deeds.add(
            tx, code=CITIC, name_zh="中信银行", name_en="CITIC", adapter=bank.adapter, settings=other.settings
        )
        portal = bank_rows.add_bank(
            tx, code=applications.CMB, name_zh="招商银行", name_en="CMB", adapter="portal", settings={}
        )
    return {each.code: each for each in (bank, citic, portal)}


@pytest.fixture
def case(
    hub: Hub, clock: FixedClock, port: int, far: FarBank, submitted: Submit, work_off: Callable[[], int]
) -> Iterator[Case]:
    """A negotiation with ICBC that its system has taken; the hub's door is open."""
    if not far.far_side.speaks:
        pytest.skip("its staff act in the portal")
    with served(create_app(hub), port):
        sent = submitted(ICBC)
        work_off()
        made = Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=ICBC)
        assert made.status == "awaiting_bank"
        yield made


@pytest.fixture
def hear(hub: Hub, banks: dict[str, Bank]) -> Callable[[], None]:
    """What banks have laid out is taken in; nothing is to be done where they call the hub."""

    def take_in() -> None:
        for each in banks.values():
            if isinstance(hub.adapters.of(each), Collecting):
                # As long after the last time as it takes to be its turn again.
                hub.clock.at += timedelta(seconds=10)  # type: ignore[attr-defined]  # it is a FixedClock
                collecting.collect(hub, partial(taken_or_refused, hub), each.code)

    return take_in


def events_of(case: Case) -> Counter[str]:
    """How many events of each type were applied to the case."""
    with case.hub.reading(HUB) as tx:
        return Counter(record.type for record in bank_events.list_applied(tx, case.id))


TERMS = {"terms": applications.terms()}
ASKED = {"kinds": ["bank_statement"], "text": "请补充流水"}
NO = {"reason_code": "other", "text": "暂时无法办理"}
WORDS = {"text": "请保持电话畅通"}


@pytest.mark.parametrize(
    ("type_", "data", "status"),
    [
        (EventType.ACKNOWLEDGED, {}, "in_review"),
        (EventType.EVIDENCE_REQUESTED, ASKED, "awaiting_cardholder"),
        (EventType.OFFERED, TERMS, "offered"),
        (EventType.REJECTED, NO, "rejected"),
        (EventType.MESSAGE, WORDS, "awaiting_bank"),
    ],
)
def test_what_the_bank_says_has_its_effect_once_however_often_it_comes(
    case: Case, far: FarBank, hear: Callable[[], None], type_: EventType, data: dict[str, Any], status: str
) -> None:
    for _ in range(3):
        assert far.say(type_, case.id, data).taken
        hear()
    assert (case.status, events_of(case)) == (status, {type_: 1})
    assert refused(case.hub) == []


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.HONEST])
def test_what_is_forged_or_out_of_time_is_refused_and_kept_and_moves_nothing(
    case: Case, far: FarBank, way: Way
) -> None:
    if way not in far.far_side.ways:
        pytest.skip("its wire cannot show that")
    before = all_but_refusals(case.hub)
    heard = far.say(EventType.REJECTED, case.id, NO, way=way)
    assert (heard.taken, heard.again) == (False, False)
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.bank_code, kept.code) == (
        ICBC,
        {Way.FORGED: "signature_wrong", Way.STALE: "stamp_old", Way.AHEAD: "stamp_ahead"}[way],
    )
    # Whoever tries an id in vain takes it from nobody.
    assert far.say(EventType.REJECTED, case.id, NO).taken
    assert case.status == "rejected"


def test_another_banks_key_opens_no_door(case: Case, far: FarBank, other: FarBank) -> None:
    if Way.FORGED not in far.far_side.ways:
        pytest.skip("it has no key of its own")
    other.far_side._place = far.place  # type: ignore[attr-defined]  # it calls at the other bank's door
    before = all_but_refusals(case.hub)
    assert not other.say(EventType.REJECTED, case.id, NO).taken
    assert (all_but_refusals(case.hub), [kept.bank_code for kept in refused(case.hub)]) == (before, [ICBC])


WRONG: list[tuple[str, EventType, str | None, dict[str, Any], str]] = [
    ("a negotiation that nobody knows", EventType.REJECTED, "f" * 32, NO, "not_found"),
    ("an offer without terms", EventType.OFFERED, None, {}, "invalid_input"),
    (
        "terms that break a rule",
        EventType.OFFERED,
        None,
        {"terms": applications.terms(instalments=61)},
        "invalid_input",
    ),
    ("a field that is not there", EventType.ACKNOWLEDGED, None, {"status": "agreed"}, "invalid_input"),
    ("a no without words", EventType.REJECTED, None, {"reason_code": "other", "text": ""}, "invalid_input"),
    ("incomplete before anything was asked", EventType.REJECTED, None, {**NO, "reason_code": "incomplete"}, ""),
]


@pytest.mark.parametrize(("type_", "named", "data", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_cannot_be_is_refused_and_kept_and_moves_nothing(
    case: Case,
    far: FarBank,
    hear: Callable[[], None],
    type_: EventType,
    named: str | None,
    data: dict[str, Any],
    code: str,
) -> None:
    before = all_but_refusals(case.hub)
    far.say(type_, named or case.id, data)
    hear()
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.bank_code, kept.event_id, kept.negotiation_id) == (ICBC, "e" * 32, named or case.id)
    assert kept.code == code or not code


def test_another_banks_negotiation_answers_as_an_unknown_one_does(
    case: Case, other: FarBank, hear: Callable[[], None]
) -> None:
    before = all_but_refusals(case.hub)
    told = [other.say(EventType.REJECTED, named, NO, event_id=named) for named in (case.id, "f" * 32)]
    hear()
    assert all_but_refusals(case.hub) == before
    assert told[0] == told[1]
    assert {(kept.bank_code, kept.code) for kept in refused(case.hub)} == {(CITIC, "not_found")}


def test_an_id_that_was_used_before_with_another_content_is_refused_and_kept(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    far.say(EventType.ACKNOWLEDGED, case.id, {})
    hear()
    before = all_but_refusals(case.hub)
    far.say(EventType.REJECTED, case.id, NO)
    hear()
    assert all_but_refusals(case.hub) == before
    [kept] = refused(case.hub)
    assert (kept.code, kept.event_id, case.status) == ("event_id_reused", "e" * 32, "in_review")


def test_what_the_status_does_not_allow_is_refused_and_never_moves_it_backwards(
    case: Case, far: FarBank, hear: Callable[[], None]
) -> None:
    far.say(EventType.OFFERED, case.id, TERMS, event_id="a" * 32)
    far.say(EventType.EVIDENCE_REQUESTED, case.id, ASKED, event_id="b" * 32)
    hear()
    assert (case.status, [kept.code for kept in refused(case.hub)]) == ("offered", ["status_conflict"])
    far.say(EventType.REJECTED, case.id, NO, event_id="c" * 32)
    hear()
    assert case.status == "offered"


def test_one_bank_may_use_the_id_of_anothers_event(
    case: Case, far: FarBank, other: FarBank, submitted: Submit, work_off: Callable[[], int], hear: Callable[[], None]
) -> None:
    theirs = submitted(CITIC)
    work_off()
    far.say(EventType.ACKNOWLEDGED, case.id, {})
    other.say(EventType.ACKNOWLEDGED, theirs.negotiation, {})
    hear()
    assert (case.status, refused(case.hub)) == ("in_review", [])


# The whole way, as the simulated bank goes it by itself.


@pytest.mark.parametrize(
    ("behaviour", "status", "applied"),
    [
        ("accept", "offered", {"acknowledged": 1, "offered": 1}),
        ("counter-offer", "offered", {"acknowledged": 1, "offered": 1}),
        ("ask", "awaiting_cardholder", {"acknowledged": 1, "evidence_requested": 1}),
        ("reject", "rejected", {"acknowledged": 1, "rejected": 1}),
        ("accept,duplicate,replayed,stray", "offered", {"acknowledged": 1, "offered": 1}),
        ("accept,out-of-order", "offered", {"offered": 1}),
    ],
)
def test_a_bank_goes_its_way(
    case: Case,
    far: FarBank,
    submitted: Submit,
    work_off: Callable[[], int],
    hear: Callable[[], None],
    behaviour: str,
    status: str,
    applied: dict[str, int],
) -> None:
    far.behave(behaviour)
    second = Case(hub=case.hub, clock=case.clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    wait_until(lambda: (hear(), second.status == status)[1], what=f"{status}, by {far.lines}")
    wait_until(far.desk.events.empty, what="the bank to say all it has to say")
    far.behave("silent")
    work_off()
    hear()
    assert (second.status, events_of(second)) == (status, applied)
    assert (case.status, events_of(case)) == ("awaiting_bank", {})


def test_a_bank_offers_once_it_has_the_evidence_and_agrees_to_a_counter_offer(
    case: Case, far: FarBank, submitted: Submit, work_off: Callable[[], int], hear: Callable[[], None]
) -> None:
    far.behave("ask")
    asked = Case(hub=case.hub, clock=case.clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    wait_until(lambda: (hear(), asked.status == "awaiting_cardholder")[1], what="a request for evidence")
    asked.write("给您", asked.upload(EvidenceKind.BANK_STATEMENT), answers=True)
    work_off()
    wait_until(lambda: (hear(), asked.status == "offered")[1], what="an offer")
    asked.counter()
    work_off()
    wait_until(lambda: (hear(), len(asked.view()["offers"]) == 3)[1], what="the bank's second offer")
    first, counter, second = asked.view()["offers"]
    assert (first["by"], counter["by"], second["by"]) == ("bank", "cardholder", "bank")
    assert second["terms"] == counter["terms"]
    asked.accept(second["id"])
    work_off()
    wait_until(lambda: far.wrote("took", kind=MessageKind.ACCEPTED), what="the bank to have the agreement")
    assert (asked.status, refused(asked.hub)) == ("agreed", [])


def test_an_answer_that_was_lost_is_made_good_by_what_the_bank_says(
    case: Case, far: FarBank, submitted: Submit, work_off: Callable[[], int], hear: Callable[[], None]
) -> None:
    if Does.CUT not in far.far_side.does:
        pytest.skip("its wire cannot show that")
    far.behave("accept", "cut")
    second = Case(hub=case.hub, clock=case.clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    wait_until(lambda: (hear(), second.status == "offered")[1], what="the offer")
    assert len(far.wrote("took", negotiation=second.id)) == 1


def test_the_adapter_is_told_of_the_world_by_the_hub_alone(hub: Hub, real_clock: FixedClock, port: int) -> None:
    around = surroundings_of(hub)
    assert (around.now(), around.public_url) == (real_clock.at, f"http://127.0.0.1:{port}")
