"""Views: a negotiation, its offers and its log as both faces and documents show them, as plain data.

One negotiation looks the same to its cardholder and to its bank, but for offers that only the bank may know of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.domain import answer_time
from hub.domain.actor import Party
from hub.domain.answer_time import AnswerTime
from hub.domain.application import Applicant
from hub.domain.china import china_day
from hub.domain.consent_ledger import CONSENT_WITHDRAWN
from hub.domain.masks import mask_id, mask_mobile, mask_name
from hub.domain.paging import Place
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.working_days import Calendar, CountedDay, DayReason
from hub.services.agreements import collection
from hub.services.agreements.agreement_views import agreement_view
from hub.services.consents.withholding import shown_to_bank
from hub.services.negotiations import (
    claim_transfers,
    credit_notes,
    further_accounts,
    legal_stages,
    logged_files,
    offer_contents,
)
from hub.services.transaction import HubTransaction
from storage import (
    agreements,
    applications,
    clocks,
    communications,
    consents,
    decisions,
    evidence_requests,
    negotiations,
    offers,
)
from storage.communications import Entry
from storage.records import ApplicationRecord, ClockRecord, NegotiationRecord, OfferRecord
from storage.submissions import submission_of
from storage.transaction import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of views; `next_place` is where the following one begins, or None at the end."""

    items: list[Plain]
    next_place: Place | None


def why(reason: DayReason, language: str) -> str:
    """Why a day counts or not, in words."""
    return reason.name_en if language == "en" else reason.name_zh


def skipped_days(days: Iterable[CountedDay], language: str) -> list[Plain]:
    """The days that did not count, each with its reason."""
    return [{"date": each.day.isoformat(), "why": why(each.reason, language)} for each in days if each.number is None]


_EXPLAINED = Known[tuple[object, ...], list[Plain]]()


def _explained(tx: HubTransaction, turn: AnswerTime, calendar: Calendar, language: str) -> list[Plain]:
    # Most clocks of a list were opened on the same few days and count the same.
    opened_on = china_day(turn.opened_at)
    key = (opened_on, turn.response_days, turn.paused_on, turn.resumed_on, calendar.version, language)
    known = _EXPLAINED.of(tx)
    if key not in known:
        known[key] = _counted(answer_time.explain(turn, calendar), language)
    return known[key]


def _counted(days: Iterable[CountedDay], language: str) -> list[Plain]:
    return [
        {
            "date": each.day.isoformat(),
            "counted": each.number is not None,
            "number": each.number,
            "why": why(each.reason, language),
        }
        for each in days
    ]


def clock_view(tx: HubTransaction, clock: ClockRecord, calendar: Calendar, language: str) -> Plain:
    """One clock, with how its due time was counted."""
    turn = clocks.answer_time_of(clock)
    running = clock.answered_at is None and clock.ended_at is None
    over = clock.answered_at or clock.ended_at
    return {
        "opened_at": instant(clock.opened_at),
        "due_at": instant(clock.due_at),
        "provisional": clock.provisional,
        "paused": running and turn.is_paused,
        "working_days_left": answer_time.working_days_left(clock.due_at, over or tx.now, calendar),
        "explained": _explained(tx, turn, calendar, language),
        "answered_at": None if clock.answered_at is None else instant(clock.answered_at),
        "breached": answer_time.is_breached(
            clock.due_at, answered_at=over, paused=running and turn.is_paused, now=tx.now
        ),
    }


def offer_view(tx: HubTransaction, offer: OfferRecord) -> Plain:
    """One offer with all that it says, and the digest of that."""
    return {
        "id": offer.id,
        "by": offer.by,
        "status": offer.status,
        **offer_contents.of(tx, offer),
        "digest": offer_contents.digest(tx, offer),
        "valid_until": None if offer.valid_until is None else instant(offer.valid_until),
        "oral": offer.oral,
        # The bank's own file: its person and their client never see it.
        **(_own_file(tx, offer) if tx.actor.party == Party.BANK else {}),
    }


def _own_file(tx: HubTransaction, offer: OfferRecord) -> Plain:
    return {"approvals": _approvals(offer), "reason_over_80": offers.reason_over_80_of(tx, offer)}


def _approvals(offer: OfferRecord) -> list[Plain]:
    return [
        {"role": each.role, "approved_at": None if each.at is None else instant(each.at)}
        for each in offers.approvals_of(offer)
    ]


def _request_view(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain | None:
    request = evidence_requests.find_open(tx, negotiation.id)
    if request is None:
        return None
    return {
        "kinds": evidence_requests.kinds_of(tx, request),
        "text": evidence_requests.text_of(tx, request),
        "due_at": instant(request.due_at),
    }


def _rejection_view(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain | None:
    if negotiation.reason_code in {None, CONSENT_WITHDRAWN} or negotiation.erased_at is not None:
        return None
    return {
        "reason_code": negotiation.reason_code,
        "text": decisions.rejection_text_of(tx, negotiation),
    }


def _deferral_view(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain | None:
    deferral = decisions.deferral_of(tx, negotiation)
    return None if deferral is None else to_plain(deferral)


def negotiation_view(tx: HubTransaction, negotiation: NegotiationRecord, *, language: str = "zh") -> Plain:
    """The whole negotiation, as whoever acts in the transaction may see it; what was erased of it is null or empty."""
    bank = tx.bank(negotiation.bank_code)
    # Every submission is answered with this view: what only a bank can have brought about is not looked for then.
    reached, is_erased = negotiation.reached_bank_at is not None, negotiation.erased_at is not None
    return {
        "id": negotiation.id,
        "reference": negotiation.reference,
        "bank": {
            "code": bank.code,
            "name_zh": bank.name_zh,
            "name_en": bank.name_en,
            "hotline": bank.rules.hotline,
            "hotline_hours": bank.rules.hotline_hours,
            "calls_from": bank.rules.calls_from,
            "complaint_channel": bank.rules.complaint_channel,
            "kind": bank.kind,
            "regulator": bank.standing.regulator,
        },
        "status": negotiation.status,
        "identity": {"level": negotiation.identity_level, "confirmed_by_bank": negotiation.identity_confirmed},
        **to_plain(legal_stages.standing_of(tx, negotiation)),
        "proposal": None if is_erased else _proposal(tx, negotiation),
        **(_since_the_bank_has_it(tx, negotiation, language) if reached and not is_erased else _BEFORE_THE_BANK_HAS_IT),
        # A bank is told it with the case alone, so that each reading of it is on record.
        **({"call_word": negotiation.call_word} if tx.actor.party == Party.CARDHOLDER else {}),
        "faults": negotiation.faults,
        "rejection": _rejection_view(tx, negotiation),
        "withdrawal_reason": CONSENT_WITHDRAWN if negotiation.reason_code == CONSENT_WITHDRAWN else None,
        "withdrawn_consents": sorted(consents.taken_back(tx, negotiation)),
        "transferred_to": claim_transfers.transfer_view(tx, negotiation),
        "renegotiation_of": _earlier(tx, negotiation),
        "updated_at": instant(negotiation.updated_at),
        "erased_at": None if negotiation.erased_at is None else instant(negotiation.erased_at),
    }


def _proposal(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain:
    # A person reads their own words whatever they took back.
    is_bank = tx.actor.party == Party.BANK
    plain: Plain = to_plain((shown_to_bank if is_bank else submission_of)(tx, negotiation).proposal)
    return plain


def _earlier(tx: HubTransaction, negotiation: NegotiationRecord) -> str | None:
    """The id of the negotiation that this one renegotiates, to its bank and to the client that made that one too."""
    if negotiation.renegotiation_of is None or tx.actor.party != Party.CARDHOLDER:
        return negotiation.renegotiation_of
    earlier = tx.session.get_one(NegotiationRecord, negotiation.renegotiation_of)
    return earlier.id if earlier.client_id == negotiation.client_id else None


_BEFORE_THE_BANK_HAS_IT: Plain = {
    "clock": None,
    "clocks": [],
    "evidence_request": None,
    "decision_deferred": None,
    "offers": [],
    "agreement": None,
    "collection_reports": [],
    "credit_notes": [],
    "proposed_accounts": [],
}


def _since_the_bank_has_it(tx: HubTransaction, negotiation: NegotiationRecord, language: str) -> Plain:
    calendar = tx.calendar()
    all_clocks = [(clock, clock_view(tx, clock, calendar, language)) for clock in clocks.list_of(tx, negotiation.id)]
    running = [shown for clock, shown in all_clocks if clock.answered_at is None and clock.ended_at is None]
    agreement = agreements.find_agreement(tx, negotiation.id)
    return {
        "clock": running[-1] if running else None,
        "clocks": [shown for _, shown in all_clocks],
        "evidence_request": _request_view(tx, negotiation),
        "decision_deferred": _deferral_view(tx, negotiation),
        "offers": [
            offer_view(tx, offer)
            for offer in offers.list_offers(tx, negotiation.id)
            if tx.actor.party == Party.BANK or offer.opened_at is not None
        ],
        "agreement": None if agreement is None else agreement_view(tx, agreement),
        "credit_notes": credit_notes.note_views(tx, negotiation.id),
        "collection_reports": [] if agreement is None else collection.report_views(tx, negotiation.id),
        "proposed_accounts": further_accounts.account_views(tx, negotiation.id),
    }


def application_view(tx: HubTransaction, application: ApplicationRecord, *, language: str = "zh") -> Plain:
    """The application with its applicant masked and its negotiations whole."""
    applicant = applications.application_of(tx, application).applicant
    return {
        "id": application.id,
        "reference": application.reference,
        "submitted_at": instant(application.submitted_at),
        "applicant": masked(applicant),
        "negotiations": [
            negotiation_view(tx, each, language=language)
            for each in negotiations.list_of_application(tx, application.id)
        ],
    }


def masked(applicant: Applicant) -> Plain:
    """The applicant as anybody may see it who is not due the full values."""
    email = applicant.email
    return {
        "subject": applicant.subject,
        "name": mask_name(applicant.name),
        "id_type": applicant.id_type,
        "id_number": mask_id(applicant.id_number),
        "mobile": mask_mobile(applicant.mobile),
        "email": None if email is None else f"{email[0]}***@{email.partition('@')[2]}",
    }


def list_log(tx: HubTransaction, negotiation_id: str, *, after: int, limit: int) -> list[Plain]:
    """At most `limit` entries of the log behind sequence number `after`, oldest first."""
    return communication_views(tx, communications.list_entries(tx, negotiation_id, after=after, limit=limit))


def communication_view(tx: HubTransaction, entry: Entry) -> Plain:
    """One entry of the log, with the digests that chain it."""
    return communication_views(tx, [entry])[0]


def communication_views(tx: HubTransaction, entries: Sequence[Entry]) -> list[Plain]:
    """Entries of one negotiation's log, each as above."""
    return [
        {
            "sequence": each.header.sequence,
            "at": instant(each.header.at),
            "channel": each.header.channel,
            "party": each.header.party,
            "kind": each.header.kind,
            "text": each.text,
            "attachments": to_plain(list(attachments)),
            "digest": each.digest,
            "previous": each.header.previous,
        }
        for each, attachments in logged_files.with_kinds(tx, entries)
    ]
