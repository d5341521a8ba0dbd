"""The hub as the demo's stories see it: with a clock that stands at their moment, and mails that reach nobody."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, time
from types import MappingProxyType
from typing import Any

from hub.banks.port import Message, Receipt
from hub.demo import people as demo_people
from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.bank import Bank
from hub.domain.china import china_day, china_instant
from hub.domain.client import Client
from hub.domain.clock import FixedClock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.mail.senders import MailFolder
from hub.services.agreements import acceptance
from hub.services.applications import screening
from hub.services.delivery import queueing, sending
from hub.services.documents.printing import Printer
from hub.services.notifications import outgoing_mail
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage import negotiations


class ShutDoor:
    """A bank's system that takes nothing, standing where the portal will be."""

    kind = "portal"
    settings: Mapping[str, Callable[[str], Any]] = MappingProxyType({})
    required: frozenset[str] = frozenset()
    in_house = False

    def __init__(self, *, for_good: bool) -> None:
        self._for_good = for_good

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """Never: raises `RefusedForGood` or `TryAgain`."""
        detail = f"{bank.code} did not take {message.kind}"
        raise RefusedForGood(detail) if self._for_good else TryAgain(detail)


class Stage:
    """The hub with a clock that stands at the story's moment."""

    def __init__(self, hub: Hub, printer: Printer) -> None:
        self.now = hub.clock.now()
        self._clock = FixedClock(self.now)
        # Kept as files wherever real mail goes: what is told of an invented past reaches nobody.
        folder = MailFolder(hub.settings.home / "mail", hub.settings.public_url)
        self.hub = Hub(hub.settings, clock=self._clock, mail=folder)
        self._printer = printer
        self._turns: dict[str, int] = {}

    def at(self, day: date, at: time = time(10, 0)) -> None:
        """It is that time in China, but never later than it really is; what was due until then has happened."""
        self._clock.at = min(china_instant(day, at), self.now)
        sweeps.run_due(self.hub)
        outgoing_mail.send_due(self.hub, self.hub.mail, self.hub.real_clock)

    def today(self) -> date:
        """The day it is in China."""
        return china_day(self._clock.at)

    def clerk(self, bank_code: str, negotiation_id: str = "") -> Actor:
        """The reviewer who has the case; of one that is nobody's the reviewer whose turn it is."""
        with self.hub.reading(HUB) as tx:
            people = {each.id: each.actor for each in demo_people.reviewers(tx, bank_code)}
            row = negotiations.find_negotiation(tx, negotiation_id)
        if row is not None and row.owner_id in people:
            return people[row.owner_id]
        self._turns[bank_code] = self._turns.get(bank_code, -1) + 1
        return list(people.values())[self._turns[bank_code] % len(people)]

    def screen(self, application_id: str) -> None:
        """The application is screened."""
        screening.screen_application(self.hub, self._printer, self.hub.store, application_id)

    def knock(self, application_id: str, door: ShutDoor) -> None:
        """The application is screened, and a bank's system that is shut was tried once."""
        with closing(Hub(self.hub.settings, clock=self._clock, adapters=[door], mail=self.hub.mail)) as outside:
            screening.screen_application(outside, self._printer, outside.store, application_id)
            with outside.reading(HUB) as tx:
                jobs = queueing.jobs_due(tx, limit=sweeps.BATCH)
            for job in jobs:
                sending.deliver(outside, outside.store, job.argument)

    def print_agreement(self, negotiation_id: str) -> None:
        """The agreement's paper is printed."""
        acceptance.print_agreement(self.hub, self._printer, self.hub.store, negotiation_id, self.hub.sealing.signer)

    def close(self) -> None:
        """The connections of this hub are closed; the one it was made of stays open."""
        self.hub.close()


def cardholder(client: Client) -> Actor:
    """A person of the demo's host app."""
    return Actor(party=Party.CARDHOLDER, id=f"client/{client.id}", channel=Channel.APP)
