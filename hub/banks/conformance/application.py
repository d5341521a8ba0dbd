"""The test application: an invented person, under a reference that no negotiation has, marked as a test.

Every message about it is marked too, and the last one withdraws it.
"""

import hashlib
from datetime import timedelta

from hub.banks.conformance.report import Trial
from hub.banks.packet import PacketFile, PacketHeading, packet
from hub.banks.port import Enclosure, Message
from hub.domain.affordability import Finances, left_fen
from hub.domain.application import (
    Account,
    Applicant,
    Channel,
    Consent,
    Hardship,
    HardshipReason,
)
from hub.domain.balances import balance_of
from hub.domain.china import china_day
from hub.domain.consent import Purpose
from hub.domain.delivery import MessageKind
from hub.domain.errors import Fault
from hub.domain.identifiers import IdType
from hub.domain.identity import IdentityLevel
from hub.domain.offer import BankOffer
from hub.domain.plain import Plain, canonical, instant
from hub.domain.proposal import Proposal
from hub.domain.submission import Submission
from hub.domain.terms import Kind
from hub.services.negotiations.drawing_up import proposal_faults

REFERENCE = "XS-00000000-000000"
_CARD = "6200000000000005"
_CONSENTS = (Purpose.SHARE_WITH_BANK, Purpose.SENSITIVE_DATA, Purpose.TRUTHFUL)
_NOTE = "这是接口测试，不是真实申请，请勿联系任何人。(Interface test, not an application.)"

# The example of GB 11643-1999 itself, and a number that stands in every manual; the card has no issuer.
_NOBODY = Applicant(
    subject="conformance-test",
    name="测试",
    id_type=IdType.RESIDENT_ID,
    id_number="11010519491231002X",
    mobile="13800138000",
)
_FINANCES = Finances(
    monthly_income_fen=620_000, monthly_essential_spending_fen=410_000, other_debt_payments_fen=0, dependants=0
)


def evidence_id(trial: Trial) -> str:
    """The id of the one file of the test application."""
    return hashlib.sha256(trial.negotiation.encode()).hexdigest()[:32]


def evidence_content() -> bytes:
    """The one file: a PDF of a page that says it is a test."""
    page = b"BT /F 18 Tf 72 760 Td (INTERFACE TEST, NOT AN APPLICATION) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    content, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return bytes(content) + b"xref\n0 6\n" + table + end


def submitted(trial: Trial) -> Message:
    """The test application as a message under an id of its own, with its one file."""
    file = _file(trial)
    heading = PacketHeading(
        negotiation=trial.negotiation,
        reference=REFERENCE,
        version=1,
        submitted_at=trial.started_at,
        public_url=trial.hub_url,
        identity_level=IdentityLevel.HOST,
        identity_confirmed=None,
    )
    named = PacketFile(
        id=file.id,
        kind=file.kind,
        file_name=file.file_name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        original_sha256=file.sha256,
    )
    body = packet(heading, _submission(trial), [named])
    return _message(trial, MessageKind.SUBMITTED, body, file)


def offer_faults(trial: Trial, offered: BankOffer) -> list[Fault]:
    """What the hub would refuse of that offer on the test application, its pointers within the event."""
    now = trial.surroundings.now()
    declared = balance_of(_account(trial), as_of=china_day(trial.started_at))
    balances = (declared,) if offered.balances is None else offered.balances
    left = left_fen(_submission(trial).finances)
    found = proposal_faults(offered, balances, [_CARD], trial.bank.rules, left=left, now=now)
    return [fault.under("/data") for fault in found]


def worded(trial: Trial) -> Message:
    """What the cardholder would write, with the one file."""
    file = _file(trial)
    return _about(trial, MessageKind.MESSAGE, {"text": _NOTE, "evidence": [file.id], "sequence": 7}, file)


def countered(trial: Trial, terms: Plain) -> Message:
    """A counter-offer of those terms."""
    return _about(trial, MessageKind.COUNTER_OFFERED, {"offer": trial.new_id(), "terms": {**terms, "note": _NOTE}})


def accepted(trial: Trial, terms: Plain) -> Message:
    """The acceptance of an offer of those terms, with the agreement that would come of it."""
    contents = {"terms": terms, "note": _NOTE}
    agreement = {"id": trial.new_id(), "number": REFERENCE, "contents": contents}
    data = {"offer": trial.new_id(), "agreement": agreement, "collection_hold": True}
    return _about(trial, MessageKind.ACCEPTED, data)


def ended(trial: Trial) -> Message:
    """The end of that agreement."""
    at = instant(trial.started_at)
    agreement = {
        "id": trial.new_id(),
        "number": REFERENCE,
        "status": "ended",
        "end_reason": "replaced",
        "ended_at": at,
        "end_effective_at": at,
        "end_text": _NOTE,
        "waived_rest_fen": None,
        "replaced_by": REFERENCE,
        "collection_hold_until": at,
        "clearance": None,
    }
    return _about(trial, MessageKind.AGREEMENT_ENDED, {"agreement": agreement, "text": _NOTE})


def withdrawn(trial: Trial) -> Message:
    """The end of the test: the application is withdrawn."""
    return _about(trial, MessageKind.WITHDRAWN, {"text": _NOTE})


def _file(trial: Trial) -> Enclosure:
    content = evidence_content()
    return Enclosure(
        id=evidence_id(trial),
        kind="other",
        file_name="接口测试.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        read=lambda: iter([content]),
    )


def _about(trial: Trial, kind: MessageKind, data: Plain, *files: Enclosure) -> Message:
    return _message(trial, kind, {"negotiation": trial.negotiation, "reference": REFERENCE, **data}, *files)


def _message(trial: Trial, kind: MessageKind, body: Plain, *files: Enclosure) -> Message:
    return Message(
        id=trial.new_id(),
        kind=kind,
        negotiation=trial.negotiation,
        body=canonical(body),
        queued_at=trial.started_at,
        reference=REFERENCE,
        owed_fen=_account(trial).total_fen,
        enclosures=files,
        is_test=True,
    )


def _account(trial: Trial) -> Account:
    return Account(
        bank_code=trial.bank.code,
        card_number=_CARD,
        principal_fen=1_850_000,
        interest_fen=46_200,
        fees_fen=0,
        penalty_fen=12_000,
        overdue_since=china_day(trial.started_at) - timedelta(days=90),
    )


def _submission(trial: Trial) -> Submission:
    return Submission(
        channel=Channel.APP,
        applicant=_NOBODY,
        accounts=(_account(trial),),
        hardship=Hardship(reasons=(HardshipReason.OTHER,), description=_NOTE),
        finances=_FINANCES,
        proposal=Proposal(
            kind=Kind.INSTALMENTS,
            instalments=36,
            monthly_payment_fen=53_000,
            waive_interest=True,
            first_due_on=china_day(trial.started_at) + timedelta(days=30),
            note=_NOTE,
        ),
        consents=tuple(_consent(purpose, trial) for purpose in _CONSENTS),
    )


def _consent(purpose: Purpose, trial: Trial) -> Consent:
    shared_with = trial.bank.code if purpose is Purpose.SHARE_WITH_BANK else None
    return Consent(purpose=purpose, bank_code=shared_with, version="test", given_at=trial.started_at)
