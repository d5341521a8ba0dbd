"""The tables, as SQLAlchemy classes, one module an aggregate. Importing this package knows them all.

Columns, indexes and constraints only: queries and writes are in the modules of `storage`.
"""

from storage.records.amendments import AmendmentRecord
from storage.records.attempts import AttemptRecord
from storage.records.audit import AuditRecord
from storage.records.banks import BankRecord, NoticeRecord
from storage.records.base import Record, new_id
from storage.records.clearances import ClearanceRecord
from storage.records.clients import AccessTokenRecord, AnsweredCallRecord, ClientRecord, LaunchRecord
from storage.records.collection import CollectionReportRecord, HoldRecord
from storage.records.credit_notes import CreditNoteRecord
from storage.records.drafts import DraftRecord, UnfinishedFormRecord
from storage.records.evidence import CleanCopyRecord, DocumentRecord, EvidenceRecord, GivenEvidenceRecord
from storage.records.exchange import (
    BankEventRecord,
    BankLineRecord,
    BatchRecord,
    ClientNoticeRecord,
    GatewayOrderRecord,
    MerchantRecord,
    OperatorTaskRecord,
    RefusedEventRecord,
    SigningKeyRecord,
)
from storage.records.log import AccessRecord, LogContentRecord, LogEntryRecord
from storage.records.looks import LookRecord
from storage.records.mails import MailRecord
from storage.records.negotiations import (
    ApplicationRecord,
    ClockRecord,
    DeliveryRecord,
    EvidenceRequestRecord,
    NegotiationRecord,
    SubmissionRecord,
)
from storage.records.offers import AgreementRecord, ConfirmationCodeRecord, OfferRecord, PaymentRecord
from storage.records.preferences import PreferencesRecord
from storage.records.proposed_accounts import ProposedAccountRecord
from storage.records.sealing_keys import SealingKeyRecord
from storage.records.sessions import PageSessionRecord, SignInCodeRecord
from storage.records.staff import StaffRecord

__all__ = [
    "AccessRecord",
    "AccessTokenRecord",
    "AgreementRecord",
    "AmendmentRecord",
    "AnsweredCallRecord",
    "ApplicationRecord",
    "AttemptRecord",
    "AuditRecord",
    "BankEventRecord",
    "BankLineRecord",
    "BankRecord",
    "BatchRecord",
    "CleanCopyRecord",
    "ClearanceRecord",
    "ClientNoticeRecord",
    "ClientRecord",
    "ClockRecord",
    "CollectionReportRecord",
    "ConfirmationCodeRecord",
    "CreditNoteRecord",
    "DeliveryRecord",
    "DocumentRecord",
    "DraftRecord",
    "EvidenceRecord",
    "EvidenceRequestRecord",
    "GatewayOrderRecord",
    "GivenEvidenceRecord",
    "HoldRecord",
    "LaunchRecord",
    "LogContentRecord",
    "LogEntryRecord",
    "LookRecord",
    "MailRecord",
    "MerchantRecord",
    "NegotiationRecord",
    "NoticeRecord",
    "OfferRecord",
    "OperatorTaskRecord",
    "PageSessionRecord",
    "PaymentRecord",
    "PreferencesRecord",
    "ProposedAccountRecord",
    "Record",
    "RefusedEventRecord",
    "SealingKeyRecord",
    "SignInCodeRecord",
    "SigningKeyRecord",
    "StaffRecord",
    "SubmissionRecord",
    "UnfinishedFormRecord",
    "new_id",
]
