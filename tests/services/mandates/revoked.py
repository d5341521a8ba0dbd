"""A mandate whose revocation is sent, and what its receivers say, each deed in a transaction of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hub.domain.actor import HUB
from hub.domain.errors import WrongConfirmationCode
from hub.domain.mandate import MandateContents, RevocationRefusal, RevocationRefused
from hub.services.accounts import subjects
from hub.services.delivery.bank_events import actor_of
from hub.services.mandates import answering, mandates, revoking
from hub.services.operating import banks
from hub.wiring import Hub
from storage import mandates as rows
from storage.records import MandateRecord, ServiceRequestRecord
from tests.domain.test_mandate import MONTHLY

CLIENT, PERSON, HOLDER = "some-app", "person-1", "张三"
MANDATE = replace(MONTHLY, next_on=date(2026, 12, 15), email="register@example.com")


def switch_on(hub: Hub, *codes: str) -> None:
    """These take revocations through the hub."""
    with hub.writing(HUB) as tx:
        for code in codes:
            banks.change(tx, code, {"services": "mandates"})


class Revoked:
    """One person's mandate in a hub."""

    def __init__(self, hub: Hub, work_off: Callable[[], int]) -> None:
        self.hub = hub
        self.work_off = work_off
        self.id = ""

    def record(self, contents: MandateContents = MANDATE) -> "Revoked":
        """It stands in the register."""
        with self.hub.writing(HUB) as tx:
            self.id = mandates.add(tx, subjects.of_client(tx, CLIENT, PERSON), contents).id
        return self

    def code(self) -> str:
        """A code that was sent to the person."""
        with self.hub.writing(HUB) as tx:
            return revoking.send_code(tx, subjects.of_client(tx, CLIENT, PERSON), self.id).code

    def revoke(self, code: str | None = None) -> WrongConfirmationCode | None:
        """It is revoked with the code, a fresh one where none is given."""
        with_code = self.code() if code is None else code
        with self.hub.writing(HUB) as tx:
            subject = subjects.of_client(tx, CLIENT, PERSON)
            found = revoking.revoke(tx, subject, self.id, name=HOLDER, code=with_code)
        self.work_off()
        return found if isinstance(found, WrongConfirmationCode) else None

    def confirm(self, bank_code: str) -> None:
        """That receiver takes the revocation."""
        with self.hub.writing(actor_of(bank_code)) as tx:
            answering.confirm(tx, self.revocation_id, bank_code=bank_code)

    def refuse(self, bank_code: str, reason: RevocationRefusal = RevocationRefusal.NOT_OURS, text: str = "") -> None:
        """That receiver does not."""
        with self.hub.writing(actor_of(bank_code)) as tx:
            answering.refuse(tx, self.revocation_id, RevocationRefused(reason=reason, text=text), bank_code=bank_code)

    @property
    def row(self) -> MandateRecord:
        """Its row as it stands."""
        with self.hub.reading(HUB) as tx:
            found = rows.find(tx, self.id)
            assert found is not None
            return found

    @property
    def revocation_id(self) -> str:
        """The id of its newest revocation."""
        return self.row.revocation_id or ""

    @property
    def requests(self) -> list[ServiceRequestRecord]:
        """Its newest revocation with each receiver."""
        with self.hub.reading(HUB) as tx:
            return revoking.requests_of(tx, self.row)
