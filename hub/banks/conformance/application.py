"""The test application: an invented person, under a reference that no negotiation has, marked as a test."""

from datetime import timedelta

from hub.banks.conformance.report import Trial
from hub.banks.packet import PacketHeading, packet
from hub.banks.port import Message, MessageKind
from hub.domain.china import china_day
from hub.domain.plain import Plain, instant
from storage.sealed_json import canonical

REFERENCE = "XS-00000000-000000"
_PRINCIPAL_FEN, _INTEREST_FEN = 1_850_000, 46_200
_NOTE = "这是接口测试，不是真实申请，请勿联系任何人。(Interface test, not an application.)"

# The example of GB 11643-1999 itself, and a number that stands in every manual; the card has no issuer.
_NOBODY = {
    "subject": "conformance-test",
    "name": "测试",
    "id_type": "resident_id",
    "id_number": "11010519491231002X",
    "mobile": "13800138000",
    "email": None,
}
_FINANCES: Plain = {
    "monthly_income_fen": 620_000,
    "monthly_essential_spending_fen": 410_000,
    "other_debt_payments_fen": 0,
    "dependants": 0,
    "household_size": None,
    "income": [],
    "spending": [],
}
_PROPOSAL = {
    "kind": "instalments",
    "instalments": 36,
    "months": None,
    "monthly_payment_fen": 53_000,
    "down_payment_fen": 0,
    "minimum_percent": None,
    "waive_interest": True,
    "note": _NOTE,
}


def submitted(trial: Trial) -> Message:
    """The test application as a message under an id of its own."""
    code, at = trial.bank.code, trial.started_at
    heading = PacketHeading(
        negotiation=trial.negotiation,
        reference=REFERENCE,
        version=1,
        submitted_at=at,
        public_url=trial.surroundings.public_url,
    )
    return _message(trial, MessageKind.SUBMITTED, packet(heading, _submission(code, trial), []))


def withdrawn(trial: Trial) -> Message:
    """The end of the test: the application is withdrawn."""
    about = {"negotiation": trial.negotiation, "reference": REFERENCE}
    return _message(trial, MessageKind.WITHDRAWN, {**about, "text": _NOTE})


def _message(trial: Trial, kind: MessageKind, body: Plain) -> Message:
    return Message(
        id=trial.new_id(),
        kind=kind,
        negotiation=trial.negotiation,
        body=canonical(body),
        queued_at=trial.started_at,
        reference=REFERENCE,
        owed_fen=_PRINCIPAL_FEN + _INTEREST_FEN,
        due_at=trial.started_at + timedelta(days=7) if kind is MessageKind.SUBMITTED else None,
    )


def _submission(bank_code: str, trial: Trial) -> Plain:
    today = china_day(trial.started_at)
    return {
        "channel": "app",
        "applicant": _NOBODY,
        "accounts": [
            {
                "bank_code": bank_code,
                "card_number": "6200000000000005",
                "currency": "CNY",
                "principal_fen": _PRINCIPAL_FEN,
                "interest_fen": _INTEREST_FEN,
                "fees_fen": 0,
                "penalty_fen": 0,
                "overdue_since": (today - timedelta(days=90)).isoformat(),
            }
        ],
        "hardship": {"reasons": ["other"], "since": None, "description": _NOTE},
        "finances": _FINANCES,
        "proposal": {**_PROPOSAL, "first_due_on": (today + timedelta(days=30)).isoformat()},
        "consents": [
            {
                "purpose": purpose,
                "bank_code": bank_code if purpose == "share_with_bank" else None,
                "version": "test",
                "given_at": instant(trial.started_at),
            }
            for purpose in ("share_with_bank", "sensitive_data", "truthful")
        ],
        "support_needs": [],
        "contact": None,
        "representative": None,
        "missing_papers": [],
    }
