"""The certificate of settlement (结清证明): when one is due, and what a bank's words on it are by default."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.domain.agreement_end import AgreementStatus
from hub.domain.errors import AgreementConflict, StatusConflict
from hub.domain.payments import PaymentRow
from hub.domain.terms import Kind

CLEARANCE_TEXT_ZH = (
    "自结清之日起，本行不再就上述欠款向持卡人催收或者主张权利，并按照国家征信管理规定如实报送还款情况。"
    "本证明只就上述协议所列的欠款出具，不涉及持卡人名下的其他账户。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """What a bank says with a certificate that it issues, on the one that the hub prints too. `uploaded`: its own."""

    text: str
    uploaded: bool = False


def ends_in_settlement(kind: Kind) -> bool:
    """Whether agreements of the kind end with the debt being settled: a lowered minimum leaves it as it is."""
    return kind is not Kind.LOWER_MINIMUM


def require_settled(kind: Kind, status: AgreementStatus, rows: Sequence[PaymentRow]) -> None:
    """Nothing, where the agreement is settled or every row is paid.

    Raises `StatusConflict` for one that ended otherwise, `AgreementConflict` `nothing_to_settle` for one that lowers a
    minimum, and `rows_open`.
    """
    if not ends_in_settlement(kind):
        raise AgreementConflict("nothing_to_settle", status)
    if status is AgreementStatus.ENDED:
        raise StatusConflict(status, "clearance")
    open_rows = sum(row.is_open for row in rows)
    if status is AgreementStatus.IN_FORCE and open_rows:
        raise AgreementConflict("rows_open", status, sentence="clearance_rows_open", rows=open_rows)
