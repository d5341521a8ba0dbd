"""What both sides do to amend an agreement, each deed in a transaction of its own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hub.domain.amendment import AmendmentEvent, AmendmentKind
from hub.domain.early_settlement import EarlySettlementRequest, Figures, SettlementQuote
from hub.domain.errors import WrongConfirmationCode
from hub.domain.pay_day import PayDayRequest
from hub.services.agreements import amendment_signing, early_settlements, pay_days
from tests.services.case import Case, china

EARLY, DAY = AmendmentKind.EARLY_SETTLEMENT, AmendmentKind.PAY_DAY


@dataclass(frozen=True, kw_only=True)
class Amending:
    """The agreement of a case, and what is done to amend it."""

    case: Case

    @property
    def agreement(self) -> Any:
        return self.case.view()["agreement"]

    def newest(self, kind: AmendmentKind) -> Any:
        return self.agreement[kind]

    def ask_settlement(self, settle_on: str = "2026-12-10", text: str = "") -> str:
        request = EarlySettlementRequest(settle_on=date.fromisoformat(settle_on), text=text)
        with self.case.hub.writing(self.case.cardholder) as tx:
            early_settlements.ask(tx, self.case.id, request, client_id=self.case.client_id)
        return str(self.newest(EARLY)["id"])

    def quote(
        self,
        amendment_id: str,
        principal_fen: int = 1_850_000,
        interest_fen: int = 3_000,
        fee_fen: int = 0,
        valid_until: datetime | None = None,
    ) -> None:
        figures = Figures(principal_fen=principal_fen, interest_fen=interest_fen, fee_fen=fee_fen)
        quoted = SettlementQuote(figures=figures, valid_until=valid_until or china("2026-12-05 18:00"))
        with self.case.hub.writing(self.case.REVIEWER) as tx:
            early_settlements.quote(tx, self.case.id, amendment_id, quoted, bank_code=self.case.bank_code)

    def quoted(self, settle_on: str = "2026-12-10") -> str:
        amendment_id = self.ask_settlement(settle_on)
        self.quote(amendment_id)
        return amendment_id

    def settling(self) -> str:
        """A settlement that is signed and waits for its money."""
        amendment_id = self.quoted()
        assert self.sign(amendment_id, EARLY) is None
        return amendment_id

    def ask_day(self, day: int = 5, text: str = "") -> str:
        with self.case.hub.writing(self.case.cardholder) as tx:
            pay_days.ask(tx, self.case.id, PayDayRequest(day=day, text=text), client_id=self.case.client_id)
        return str(self.newest(DAY)["id"])

    def propose_day(self, day: int = 5, text: str = "") -> str:
        with self.case.hub.writing(self.case.REVIEWER) as tx:
            pay_days.propose(tx, self.case.id, PayDayRequest(day=day, text=text), bank_code=self.case.bank_code)
        return str(self.newest(DAY)["id"])

    def agree(self, amendment_id: str) -> None:
        with self.case.hub.writing(self.case.REVIEWER) as tx:
            pay_days.agree(tx, self.case.id, amendment_id, bank_code=self.case.bank_code)

    def refuse(self, amendment_id: str, kind: AmendmentKind, text: str = "请到网点办理。") -> None:
        with self.case.hub.writing(self.case.REVIEWER) as tx:
            amendment_signing.refuse(tx, self.case.id, amendment_id, kind, text, bank_code=self.case.bank_code)

    def end(self, amendment_id: str, kind: AmendmentKind, event: AmendmentEvent, text: str = "") -> None:
        with self.case.hub.writing(self.case.cardholder) as tx:
            amendment_signing.end_by_person(
                tx, self.case.id, amendment_id, kind, event, text, client_id=self.case.client_id
            )

    def send_code(self, amendment_id: str, kind: AmendmentKind) -> str:
        with self.case.hub.writing(self.case.cardholder) as tx:
            return amendment_signing.send_code(tx, self.case.id, amendment_id, kind, client_id=self.case.client_id).code

    def try_code(self, amendment_id: str, kind: AmendmentKind, code: str) -> WrongConfirmationCode | None:
        with self.case.hub.writing(self.case.cardholder) as tx:
            return amendment_signing.accept(tx, self.case.id, amendment_id, kind, code, client_id=self.case.client_id)

    def sign(self, amendment_id: str, kind: AmendmentKind) -> WrongConfirmationCode | None:
        return self.try_code(amendment_id, kind, self.send_code(amendment_id, kind))
