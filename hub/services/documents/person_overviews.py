"""What a person reads of each negotiation in their export: what is held, from whom, until when, and who saw it."""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.documents.person_export import Held, NegotiationOverview, Seen
from hub.domain import labels
from hub.domain.retention import DataClass, Extent, Periods
from hub.services.consents import ledger
from hub.services.erasure import erasing, retention
from hub.services.negotiations import further_accounts
from hub.services.operating.audit_words import READINGS
from hub.services.reading import reading_log
from hub.services.transaction import HubTransaction
from storage import erasures, given_evidence
from storage.records import NegotiationRecord

_MOST_SEEN: Final = 500
_HELD: Final[Mapping[DataClass, tuple[str, str, str, str]]] = {
    DataClass.FILES: ("材料和它的副本", "Files and their copies", "您上传的", "You"),
    DataClass.APPLICATION: (
        "申请、往来记录、方案和文件",
        "Application, log, plans and papers",
        "您填写的，银行和平台写下的",
        "You, the bank and the hub",
    ),
    DataClass.AGREEMENT_FILES: ("材料和它的副本", "Files and their copies", "您上传的", "You"),
    DataClass.AGREEMENT: (
        "申请、往来记录、协议、还款登记和证明",
        "Application, log, agreement, payments, certificates",
        "您填写的，银行和平台写下的",
        "You, the bank and the hub",
    ),
}
_BEGINS: Final[Mapping[DataClass, tuple[str, str]]] = {
    DataClass.FILES: ("协商结束之日", "the end of the negotiation"),
    DataClass.APPLICATION: ("协商结束之日", "the end of the negotiation"),
    DataClass.AGREEMENT_FILES: ("协议结束之日", "the end of the agreement"),
    DataClass.AGREEMENT: ("协议结束之日", "the end of the agreement"),
}
READERS: Final[Mapping[str, tuple[str, str]]] = {
    "self": ("您本人", "You"),
    "host_app": ("您使用的 App", "The app you use"),
    "bank_system": ("银行系统", "The bank's system"),
    "hub": ("平台工作人员", "Staff of the hub"),
    "reviewer": ("银行经办人员", "A case officer of the bank"),
    "supervisor": ("银行复核主管", "A supervisor of the bank"),
    "auditor": ("银行审计人员", "An auditor of the bank"),
    "bank_admin": ("银行管理员", "An administrator of the bank"),
}
READINGS_EN: Final[Mapping[str, str]] = {
    "negotiation": "the application",
    "evidence": "a file, downloaded",
    "view": "a file, looked at",
    "original": "the original of a file",
    "application_form": "the application form",
    "agreement": "the agreement",
    "default_notice": "the notice of default",
    "amendment": "an amendment",
    "clearance": "the certificate of settlement",
    "record": "the whole record",
    "export": "the whole record, exported",
    "file_passwords": "passwords of files sent by mail",
    "in_full": "name and numbers in full",
    "person_export": "all data",
    "table_export": "a table with names and numbers in full",
}


def overview_of(tx: HubTransaction, row: NegotiationRecord, periods: Periods) -> NegotiationOverview:
    """The negotiation, which is not erased, as its person reads of it."""
    bank = tx.bank(row.bank_code)
    return NegotiationOverview(
        reference=row.reference,
        bank=f"{bank.name_zh} {bank.name_en}",
        status=labels.STATUSES[row.status],
        opened_at=row.opened_at,
        owed_fen=further_accounts.declared_fen(tx, row),
        files=len(given_evidence.list_ever_given(tx, row.id)),
        entries=row.log_length,
        readings=len(reading_log.readings_of(tx, row.id)),
        consents=[
            (
                labels.CONSENT_PURPOSES[each.purpose],
                each.given_at,
                None if each.withdrawn is None else each.withdrawn.at,
            )
            for each in ledger.list_shown(tx, row)
        ],
        held=list(_held(tx, row, periods)),
        seen=[_seen(each) for each in reading_log.readings_by_day(tx, row.id, most=_MOST_SEEN)],
        is_held=erasures.find_hold(tx, row.id) is not None,
    )


def _held(tx: HubTransaction, row: NegotiationRecord, periods: Periods) -> Iterator[Held]:
    ended = retention.ended_at(tx, row)
    for extent in Extent:
        if extent is Extent.FILES and row.files_erased_at is not None:
            continue
        data_class = erasing.class_of(row, extent)
        (what_zh, what_en, from_zh, from_en), (begins_zh, begins_en) = _HELD[data_class], _BEGINS[data_class]
        yield Held(
            what_zh=what_zh,
            what_en=what_en,
            from_zh=from_zh,
            from_en=from_en,
            days=periods.of(data_class).days,
            begins_zh=begins_zh,
            begins_en=begins_en,
            until=None if ended is None else ended + periods.of(data_class),
        )


def _seen(found: reading_log.ReadingsOfADay) -> Seen:
    who_zh, who_en = READERS[found.reader]
    return Seen(
        who_zh=who_zh,
        who_en=who_en,
        what_zh=READINGS[found.what],
        what_en=READINGS_EN[found.what],
        times=found.times,
        last_at=found.last_at,
    )
