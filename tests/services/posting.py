"""A hub's outbox worked off into a sender that keeps what it is handed, and what the tests of mails share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.notifications import outgoing_mail
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage import mails
from storage.records import MailRecord
from tests.mail.server import KeptMail
from tests.services.case import china

DESK = "desk@icbc.example"
PERSON = "xm@example.com"
# The number of a case or a request, its end alone, and the id in an address.
_DRAWN = re.compile(r"[0-9a-f]{32}|[A-Z]{2}-\d{8}-\d{6}|末尾 \d{6}")


@dataclass
class Posting:
    """The hub's mails: `at` moves the clock, lets happen what is due and sends what is due."""

    hub: Hub
    clock: FixedClock
    kept: KeptMail = field(default_factory=KeptMail)
    # The machine's clock, which says when a mail that a dead worker held is free again.
    machine: FixedClock = field(default_factory=lambda: FixedClock(datetime(2026, 11, 21, tzinfo=UTC)))

    def at(self, text: str) -> list[tuple[str, str]]:
        """(reader, subject) of what is sent once it is that time in China."""
        self.clock.at = china(text)
        return self.send()

    def send(self) -> list[tuple[str, str]]:
        """(reader, subject) of what is sent now."""
        before = len(self.kept.sent)
        sweeps.run_due(self.hub)
        outgoing_mail.send_due(self.hub, self.kept, self.machine)
        return [(mail["To"], mail["Subject"]) for mail in self.kept.sent[before:]]

    def later(self, **by: int) -> list[tuple[str, str]]:
        """The same, so much later."""
        self.clock.at += timedelta(**by)
        self.machine.at += timedelta(**by)
        return self.send()

    def rows(self, negotiation_id: str) -> dict[str, MailRecord]:
        """The negotiation's mails by their keys without ids."""
        with self.hub.reading(HUB) as tx:
            found = mails.list_of(tx, negotiation_id)
            tx.session.expunge_all()
        return {f"{row.kind}:{row.reader}": row for row in found}


def without_drawn(text: str) -> str:
    """What a mail says but for its numbers and addresses, whose digits are drawn and may be any."""
    return _DRAWN.sub("", text)
