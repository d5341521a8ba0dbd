"""A hub with a bank of each kind in turn, joined to its simulated system over real sockets; its door is open."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from hub.app import create_app
from hub.banks.port import Adapter, Collecting
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.mail.senders import SmtpSender
from hub.services.delivery import collecting
from hub.services.delivery.bank_calls import BankCalls
from hub.services.operating import banks as bank_deeds
from hub.settings import Settings
from hub.wiring import Hub
from schemas.bank_events import load_call
from storage import banks as bank_rows
from tests import applications
from tests.applications import CITIC, ICBC
from tests.banks.joined import (
    CALL_S,
    FAR,
    FarBank,
    RecordedHttp,
    far_bank,
    record_calls,
    served,
)
from tests.conftest import SECRET, SentMessages, Submit
from tests.jobs.working_off import taken_for_clean, working_off
from tests.services.case import Case
from tests.storage.postgres_server import free_port


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
    return working_off(hub, inspect=taken_for_clean, printer=lambda html: page)


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
                calls = BankCalls(transactions=hub, clock=hub.clock, load=load_call)
                collecting.collect(hub, calls.taken_or_refused, each.code)

    return take_in
