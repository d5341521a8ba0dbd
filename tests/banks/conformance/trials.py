"""A bank that can be examined, a hub that it is joined to, and a trial of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from hub.banks.conformance.report import Check, Mark, Trial
from hub.banks.simulator.http_side import HttpSide, Reply, Request
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.operating import banks as bank_deeds
from hub.settings import Settings
from hub.web.language import language_of
from hub.web.refusals import refusal_of
from hub.wiring import Hub
from tests.applications import ICBC
from tests.banks.joined import FarBank, far_bank
from tests.conftest import SECRET


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


Run = Callable[..., list[Check]]


@contextmanager
def endpoint(answer: Callable[[Request], Reply]) -> Iterator[str]:
    """The address of an endpoint that answers like that, whatever comes."""
    side = HttpSide(0, answer)
    try:
        yield f"http://127.0.0.1:{side.port}/"
    finally:
        side.close()
