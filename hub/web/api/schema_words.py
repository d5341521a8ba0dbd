"""What holds in single schemas of the OpenAPI document: another meaning of a property, and what is there sometimes."""

from collections.abc import Mapping

from hub.domain.terms import FIELDS_BY_KIND
from hub.web.api import (
    amendment_words,
    appointment_words,
    bank_request_words,
    bill_feed_words,
    bill_words,
    calculation_words,
    creditor_words,
    instalment_words,
    loan_words,
    mandate_words,
    referral_words,
)

_LATER_CONSENTS = (
    "`medical_data` where a `medical_bill`, `diagnosis` or `disability_proof` is named and that consent does not stand "
    "for this negotiation: never given, or taken back"
)

OF_SCHEMAS: Mapping[str, str] = {
    "Message.consents": _LATER_CONSENTS,
    "Correction.consents": _LATER_CONSENTS,
    "CollectionReport.consents": _LATER_CONSENTS,
    "CreditNote.consents": _LATER_CONSENTS,
    "LaterConsent.purpose": "`medical_data`",
    "ClaimTransfer.name": "who has the claim now",
    "ClaimTransfer.contact": "how they are reached, in words",
    "TransferredToAnswer.name": "who has the claim now",
    "TransferredToAnswer.contact": "how they are reached, in words",
    "TransferredToAnswer.bank_code": "theirs, where they take applications here; null otherwise",
    "AccessAnswer.role": (
        "`self`, `host_app`, `hub`, `bank_system`, or at the bank `reviewer`, `supervisor`, `auditor`, `bank_admin`"
    ),
    "AccessAnswer.what": "what was read: `negotiation`, `evidence`, `record`, `in_full` and others",
    "ErasureAnswer.goes": "what is erased at once",
    "ErasureAnswer.stays": "what is kept although the person asked, each with its reason",
    "Goes.what": "the class of data; those without a reference are kept beside negotiations",
    "Goes.reference": "of which negotiation, null where it is of none",
    "Stays.what": "the class of data",
    "Stays.why": "`agreement_in_force`, `retention` (the law asks for it) or `legal_hold`",
    "Stays.until": "when it is erased by itself, RFC 3339; null while nobody knows the day",
    "AccessAnswer.reason": "why names and numbers were shown in full, as a word; null for any other reading",
    "EvidenceAnswer.status": "`checking`, `clean` or `rejected`",
    "CollectionReport.channel": "how the person was collected from",
    "CollectionReportAnswer.channel": "how the person was collected from",
    "HoldApplied.by": "who has stopped collecting: the bank, or an agency that it names",
    "HoldAppliedAnswer.by": "who has stopped collecting: the bank, or an agency that it names",
    "ClearanceAnswer.asked_at": "when the person asked, null where it is due by the settlement alone",
    "CaseOwner.email": "the address of an account that acts for the bank; null for nobody",
    "OwnerAnswer.email": "the address of the account",
    "OwnerAnswer.name": "what colleagues call them",
    "Doubt.facts": "what its sentence names; nothing of anybody else",
    "Doubt.text_zh": "what it says, with the innocent reason it may have, in Chinese",
    "Doubt.text_en": "the same in English",
    "Doubt.found_at": "when it was found, RFC 3339",
    "Doubt.answer": "what your desk did about it last, or null",
    "Doubt.answered_at": "when, RFC 3339, or null",
    "DoubtAnswer.answer": "`no_concern`: looked at; `asked`: the person was asked",
    "DoubtFacts.editor": "the program that the file says it was saved by",
    "DoubtFacts.declared_fen": "the monthly income that was declared",
    "DoubtFacts.shown_fen": "the monthly income by the papers",
    "DoubtFacts.people": "at least so many people, this one among them",
    "DoubtFacts.days": "within so many days",
    "RecognisedAmount.amount_fen": "as a machine read it, in fen",
    "RecognisedAmount.evidence_id": "the file that it stands in",
    "RecognisedAmount.label": "the word before it on the page, as a machine read it, of at most 20 signs; may be empty",
    "RecognisedAmount.page": "the page of the viewing copy, counted from 1",
    "EvidenceCheck.text": "for the bank's people alone; `doubtful` needs it",
    "EvidenceCheckAnswer.text": "for the bank's people alone, may be empty",
    "EvidencedFigure.evidence_id": "the file that shows it; empty where it is no single one",
    "EvidencedFigure.amount_fen": "a month, in fen",
    "EvidencedFigureAnswer.amount_fen": "a month, in fen",
    "Clearance.text": "what the bank says with it; the hub prints it on a certificate that it makes",
    "MissedWithdrawal.text": "why it is taken back",
    "EvidenceAnswer.reason": "why it was rejected; there only then",
    "NegotiationAnswer.status": "where it stands; open before `agreed`, `rejected`, `withdrawn`, `lapsed`",
    "OfferAnswer.status": "`awaiting_approval`, `returned`, `open`, `accepted`, `declined`, `superseded` or `lapsed`",
    "AgreementAnswer.status": "`in_force`, `settled` or `ended`",
    "ApiProblem.status": "the HTTP status",
    "Application.accounts": "at most 16 cards of any number of banks, each once; without any, `loans` are needed",
    "Application.finances": "for a month; `household_size` may stand here or beside it, not both with different values",
    "Application.household_size": "people in the household; the same as `finances.household_size`",
    "Account.principal_fen": "unpaid principal, in fen; 0 only where interest, fees or penalty are owed",
    "Payment.number": "the row of the schedule that was paid",
    "MissedPayment.number": "the row of the schedule that was not paid",
    "Payment.amount_fen": "what arrived, in fen",
    "AgreementEnd.reason": "`settled`, `defaulted` or `replaced`",
    "AgreementEnd.text": "why, for the person; required for `defaulted`",
    "AgreementAnswer.number": "the agreement's number",
    "CountedDayAnswer.number": "which working day it is, null where it does not count",
    "LaunchAnswer.url": "where to send the person; signs in once, within five minutes",
    "LaunchAnswer.code": "the one-time code that stands in `url`",
    "ProposedAccount.card_first6": "the first 6 digits of the card; the full number is not asked for",
    "ProposedAccount.text": "the bank's words to the person",
    "ProposedAccountAnswer.card_first6": "the first 6 digits of the card",
    "ProposedAccountAnswer.status": "`proposed`, `included` or `left_out`",
    "ProposedAccountAnswer.at": "when the bank proposed it, RFC 3339",
    "ProposedAccountAnswer.answered_at": "when the person answered, null while they have not",
    "Account.role": "`primary`, or `supplementary` beside the main card of the same bank, whose holder owes",
    "PacketFileAnswer.url": "where the bank fetches the bytes, with its token",
    "Terms.kind": "`instalments` and `reduction` require `instalments`, `annual_rate_percent` and `method`; `deferral` "
    "`months` and `annual_rate_percent`; `lower_minimum` these two and `minimum_percent`; others are refused",
    "Proposal.kind": "`instalments`, `deferral`, `reduction`, `settlement` or `lower_minimum`",
    **amendment_words.OF_SCHEMAS,
    **calculation_words.OF_SCHEMAS,
    **bank_request_words.OF_SCHEMAS,
    **mandate_words.OF_SCHEMAS,
    **bill_words.OF_SCHEMAS,
    **instalment_words.OF_SCHEMAS,
    **loan_words.OF_SCHEMAS,
    **creditor_words.OF_SCHEMAS,
    **bill_feed_words.OF_SCHEMAS,
    **referral_words.OF_SCHEMAS,
    **appointment_words.OF_SCHEMAS,
}
"""What a property means in one schema alone, by both names."""

PATTERNS: Mapping[str, str] = {
    # Blanks, hyphens, full-width digits and +86 are taken off, so the pattern lets them pass.
    "mobile": r"^(?:[^0-9０-９]*[0-9０-９]){11,15}[^0-9０-９]*$",
    "card_number": r"^(?:[^0-9０-９]*[0-9０-９]){13,19}[^0-9０-９]*$",
}
"""Patterns of what is sent; what comes back may be masked."""

SOMETIMES: Mapping[str, frozenset[str]] = {
    "EvidenceAnswer": frozenset({"reason"}),
    # Of a missing consent alone.
    "FaultAnswer": frozenset({"purpose", "bank_code"}),
    # In the list alone: the packet has the person.
    "BankNegotiationAnswer": frozenset({"applicant"}),
    "ReturnFaultAnswer": frozenset({"card_last4", "evidence"}),
    "TermsAnswer": frozenset(name for kind in FIELDS_BY_KIND.values() for name in kind.taken),
}
"""Of answers: what is there only now and then. All else always is, perhaps null."""

PROBLEM = ("type", "title", "status", "detail", "code")
"""What every problem has; what else there is hangs on its code."""
