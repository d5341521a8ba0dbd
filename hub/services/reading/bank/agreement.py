"""An agreement as a bank's people see it: what was signed, what came of it, and what may be done about it today."""

from dataclasses import dataclass

from hub.domain.errors import NotFound
from hub.domain.payments import PaymentRow
from hub.domain.plain import Plain
from hub.services.agreements import agreement_views, clearances, collection, finding
from hub.services.agreements.agreement_views import NextSteps
from hub.services.transaction import HubTransaction
from storage.records import AgreementRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementShown:
    """The agreement as every face shows it, what of it may be done today, and the sum of its payments.

    `collectors` are all who collect for the bank, itself the first. `may_issue_clearance`: nothing is owed any more.
    """

    view: Plain
    steps: NextSteps
    total_fen: int
    collectors: tuple[str, ...]
    may_issue_clearance: bool

    @property
    def next_open(self) -> PaymentRow | None:
        """The first payment of which something is still owed, or None."""
        return next(iter(self.steps.open_rows), None)


def agreement(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> AgreementShown:
    """The agreement of the bank's negotiation; raises `NotFound` where there is none, and for another bank's."""
    record = finding.agreement_of_bank(tx, negotiation_id, bank_code=bank_code)
    return agreement_shown(tx, record, agreement_views.agreement_view(tx, record))


def agreement_shown(tx: HubTransaction, record: AgreementRecord, view: Plain) -> AgreementShown:
    """The same of a row whose view is at hand."""
    total_fen = sum(each["total_fen"] for each in view["schedule"])
    return AgreementShown(
        view=view,
        steps=agreement_views.next_steps(tx, record),
        total_fen=total_fen,
        collectors=tx.bank(record.bank_code).collectors.all,
        may_issue_clearance=clearances.may_be_issued(tx, record.negotiation_id),
    )


def collection_report(tx: HubTransaction, negotiation_id: str, report_id: str, *, bank_code: str) -> Plain:
    """What the person reported of collection that went on, with the bank's answer; raises `NotFound`."""
    finding.agreement_of_bank(tx, negotiation_id, bank_code=bank_code)
    for each in collection.report_views(tx, negotiation_id):
        if each["id"] == report_id:
            return each
    raise NotFound
