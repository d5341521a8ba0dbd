"""The register of licensed partners: the only writer of its rows."""

from decimal import Decimal

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.referral_partner import KeptPartner, LoanExample, LoanKind, ReferralPartner
from storage.database import added
from storage.records import ReferralPartnerRecord
from storage.transaction import Transaction

_TABLE, _COLUMN = "referral_partner", "secret"


def _value(record: ReferralPartnerRecord) -> KeptPartner:
    partner = ReferralPartner(
        code=record.code,
        name_zh=record.name_zh,
        name_en=record.name_en,
        licence_no=record.licence_no,
        kinds=tuple(LoanKind(each) for each in record.kinds),
        max_annual_percent=Decimal(record.max_annual_percent),
        example=LoanExample(
            principal_fen=record.example_principal_fen,
            cost_fen=record.example_cost_fen,
            months=record.example_months,
        ),
        url=record.url,
        handover_url=record.handover_url,
    )
    return KeptPartner(
        partner=partner,
        added_at=record.added_at,
        off_at=record.off_at,
        has_secret=record.secret_sealed is not None,
    )


def _write(record: ReferralPartnerRecord, partner: ReferralPartner) -> None:
    record.name_zh, record.name_en = partner.name_zh, partner.name_en
    record.licence_no = partner.licence_no
    record.kinds = list(partner.kinds)
    record.max_annual_percent = f"{partner.max_annual_percent:.2f}"
    record.example_principal_fen = partner.example.principal_fen
    record.example_cost_fen = partner.example.cost_fen
    record.example_months = partner.example.months
    record.url, record.handover_url = partner.url, partner.handover_url


def add(tx: Transaction, partner: ReferralPartner) -> bool:
    """The partner stands in the register; False where one of that code does."""
    record = ReferralPartnerRecord(code=partner.code, added_at=tx.now)
    _write(record, partner)
    return added(tx.session, record)


def save(tx: Transaction, partner: ReferralPartner) -> None:
    """The partner of that code is this from now on."""
    _write(_record(tx, partner.code), partner)
    tx.session.flush()


def set_off(tx: Transaction, code: str, *, is_off: bool) -> None:
    """The partner is switched off, or on again."""
    _record(tx, code).off_at = tx.now if is_off else None
    tx.session.flush()


def set_secret(tx: Transaction, code: str, secret: str) -> None:
    """What both sides say is signed with this from now on."""
    _record(tx, code).secret_sealed = tx.keyring.seal(secret, table=_TABLE, column=_COLUMN, row=code)
    tx.session.flush()


def secret_of(tx: Transaction, code: str) -> str | None:
    """The secret of both sides; None where there is none yet."""
    sealed = _record(tx, code).secret_sealed
    return None if sealed is None else tx.keyring.open(sealed, table=_TABLE, column=_COLUMN, row=code).decode()


def find(tx: Transaction, code: str) -> KeptPartner | None:
    """The partner of that code, switched off or not."""
    record = tx.session.get(ReferralPartnerRecord, code)
    return None if record is None else _value(record)


def get(tx: Transaction, code: str) -> KeptPartner:
    """The same; raises `NotFound`."""
    return _value(_record(tx, code))


def list_all(tx: Transaction) -> list[KeptPartner]:
    """Every partner by its name."""
    query = sa.select(ReferralPartnerRecord).order_by(ReferralPartnerRecord.name_zh, ReferralPartnerRecord.code)
    return [_value(record) for record in tx.session.scalars(query)]


def _record(tx: Transaction, code: str) -> ReferralPartnerRecord:
    record = tx.session.get(ReferralPartnerRecord, code, with_for_update=True)
    if record is None:
        raise NotFound
    return record
