"""The tables, as SQLAlchemy classes, one module an aggregate. Importing this package knows them all.

Columns, indexes and constraints only: queries and writes are in the modules of `storage`.
"""

from storage.records.amendments import AmendmentRecord
from storage.records.appointments import AppointmentRecord
from storage.records.assignments import AssignmentRecord
from storage.records.attempts import AttemptRecord
from storage.records.audit import AuditRecord
from storage.records.backup_notes import BackupNoteRecord
from storage.records.banks import BankChangeRecord, BankRecord, NoticeRecord
from storage.records.base import Record, new_id
from storage.records.bill_consents import BillConsentRecord
from storage.records.bills import BillRecord
from storage.records.clearances import ClearanceRecord
from storage.records.clients import AccessTokenRecord, AnsweredCallRecord, ClientRecord, LaunchRecord
from storage.records.clocks import AnsweredWeekRecord, ClockRecord
from storage.records.collection import CollectionReportRecord, HoldRecord
from storage.records.consents import ConsentRecord, ConsentWithdrawalRecord
from storage.records.credit_notes import CreditNoteRecord
from storage.records.desk import CaseNoteRecord, CasePresenceRecord, DeskTemplateRecord
from storage.records.doubts import ApplicationTraceRecord, DoubtRecord, EvidenceTraceRecord
from storage.records.drafts import DraftRecord, UnfinishedFormRecord
from storage.records.erasures import ErasureRecord, LegalHoldRecord
from storage.records.evidence import (
    CleanCopyRecord,
    DocumentRecord,
    EvidenceRecord,
    GivenEvidenceRecord,
    ViewingCopyRecord,
    ViewingPageRecord,
    WantedCopyRecord,
)
from storage.records.evidence_checks import EvidenceCheckRecord, EvidencedFigureRecord
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
from storage.records.exports import ExportRecord
from storage.records.log import AccessRecord, LogContentRecord, LogEntryRecord
from storage.records.log_heads import (
    ContentSaltRecord,
    LogEndRecord,
    LogHeadRecord,
    LogNodeRecord,
    RowSealRecord,
)
from storage.records.looks import LookRecord
from storage.records.mails import MailRecord
from storage.records.mandates import DeductionRecord, MandateRecord, MatterCodeRecord
from storage.records.negotiations import (
    ApplicationRecord,
    DeliveryRecord,
    EvidenceRequestRecord,
    NegotiationRecord,
    SubmissionRecord,
)
from storage.records.offers import AgreementRecord, ConfirmationCodeRecord, OfferRecord, PaymentRecord
from storage.records.preferences import PreferencesRecord
from storage.records.proposed_accounts import ProposedAccountRecord
from storage.records.queue import SavedViewRecord, SearchKeyRecord, TallyRecord
from storage.records.recognised_amounts import RecognisedAmountsRecord
from storage.records.referrals import (
    ReferralAnswerRecord,
    ReferralConsentRecord,
    ReferralMessageRecord,
    ReferralPartnerRecord,
    ReferralRecord,
    ReferralRevocationRecord,
)
from storage.records.sealing_keys import SealingKeyRecord
from storage.records.second_factors import PasskeyRecord, RecoveryCodeRecord
from storage.records.service_requests import (
    RequestContentRecord,
    RequestEntryRecord,
    RequestFileRecord,
    ServiceRequestRecord,
)
from storage.records.sessions import PageSessionRecord, SignInCodeRecord
from storage.records.slots import PlaceRecord, SlotRecord, VisitorRecord
from storage.records.staff import StaffRecord, TeamRecord
from storage.records.workers import WorkerBeatRecord

__all__ = [
    "AccessRecord",
    "AccessTokenRecord",
    "AgreementRecord",
    "AmendmentRecord",
    "AnsweredCallRecord",
    "AnsweredWeekRecord",
    "ApplicationRecord",
    "ApplicationTraceRecord",
    "AppointmentRecord",
    "AssignmentRecord",
    "AttemptRecord",
    "AuditRecord",
    "BackupNoteRecord",
    "BankChangeRecord",
    "BankEventRecord",
    "BankLineRecord",
    "BankRecord",
    "BatchRecord",
    "BillConsentRecord",
    "BillRecord",
    "CaseNoteRecord",
    "CasePresenceRecord",
    "CleanCopyRecord",
    "ClearanceRecord",
    "ClientNoticeRecord",
    "ClientRecord",
    "ClockRecord",
    "CollectionReportRecord",
    "ConfirmationCodeRecord",
    "ConsentRecord",
    "ConsentWithdrawalRecord",
    "ContentSaltRecord",
    "CreditNoteRecord",
    "DeductionRecord",
    "DeliveryRecord",
    "DeskTemplateRecord",
    "DocumentRecord",
    "DoubtRecord",
    "DraftRecord",
    "ErasureRecord",
    "EvidenceCheckRecord",
    "EvidenceRecord",
    "EvidenceRequestRecord",
    "EvidenceTraceRecord",
    "EvidencedFigureRecord",
    "ExportRecord",
    "GatewayOrderRecord",
    "GivenEvidenceRecord",
    "HoldRecord",
    "LaunchRecord",
    "LegalHoldRecord",
    "LogContentRecord",
    "LogEndRecord",
    "LogEntryRecord",
    "LogHeadRecord",
    "LogNodeRecord",
    "LookRecord",
    "MailRecord",
    "MandateRecord",
    "MatterCodeRecord",
    "MerchantRecord",
    "NegotiationRecord",
    "NoticeRecord",
    "OfferRecord",
    "OperatorTaskRecord",
    "PageSessionRecord",
    "PasskeyRecord",
    "PaymentRecord",
    "PlaceRecord",
    "PreferencesRecord",
    "ProposedAccountRecord",
    "RecognisedAmountsRecord",
    "Record",
    "RecoveryCodeRecord",
    "ReferralAnswerRecord",
    "ReferralConsentRecord",
    "ReferralMessageRecord",
    "ReferralPartnerRecord",
    "ReferralRecord",
    "ReferralRevocationRecord",
    "RefusedEventRecord",
    "RequestContentRecord",
    "RequestEntryRecord",
    "RequestFileRecord",
    "RowSealRecord",
    "SavedViewRecord",
    "SealingKeyRecord",
    "SearchKeyRecord",
    "ServiceRequestRecord",
    "SignInCodeRecord",
    "SigningKeyRecord",
    "SlotRecord",
    "StaffRecord",
    "SubmissionRecord",
    "TallyRecord",
    "TeamRecord",
    "UnfinishedFormRecord",
    "ViewingCopyRecord",
    "ViewingPageRecord",
    "VisitorRecord",
    "WantedCopyRecord",
    "WorkerBeatRecord",
    "new_id",
]
