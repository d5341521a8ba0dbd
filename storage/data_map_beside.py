"""The columns of what stands beside negotiations: bills, referrals, mandates, requests, appointments.

`storage.data_map` joins them to all others, and says how they are read.
"""

from collections.abc import Mapping
from typing import Final

from hub.domain.retention import DataClass
from storage.personal_data import Table

BESIDE_NEGOTIATIONS: Final[Mapping[str, Table]] = {
    "appointment": Table(
        of=DataClass.APPOINTMENTS,
        others_too="contents_sealed report_sealed",
        cardholder="owner_index address_sealed address_key_sealed pass_code_sealed purpose",
        keyed="owner_index",
        nobody="id bank_code client_id negotiation_id slot_id kind starts_at ends_at holds_slot pass_code_tries "
        "address_ends_at reported_at act_at changed_at expires_at",
    ),
    "bill": Table(
        of=DataClass.BILLS,
        cardholder="contents_sealed reminder_sealed owner_index due_on status",
        keyed="owner_index",
        nobody="id name client_id bank_code source consent_id as_of remind_at changed_at expires_at",
    ),
    "bill_consent": Table(
        of=DataClass.BILLS,
        cardholder="contents_sealed owner_index token_index given_at withdrawn_at",
        keyed="owner_index token_index",
        nobody="id client_id bank_code version sha256 door withdrawn_door changed_at expires_at",
    ),
    "deduction": Table(
        of=DataClass.MANDATES,
        cardholder="contents_sealed owner_index during_hold",
        keyed="owner_index",
        nobody="id client_id mandate_id reported_at changed_at expires_at",
    ),
    "mandate": Table(
        of=DataClass.MANDATES,
        cardholder="contents_sealed earlier_sealed signed_sealed owner_index status",
        keyed="owner_index",
        nobody="id client_id version recorded_at look_at revocation_id not_refused changed_at expires_at",
    ),
    "matter_code": Table(
        of=DataClass.SIGN_IN,
        cardholder="owner_index digest",
        keyed="owner_index digest",
        nobody="id client_id matter_id sent_at tries used_at changed_at expires_at",
    ),
    "place": Table(of=DataClass.HUB, nobody="id bank_code kind name address hours step_free active added_at"),
    "referral": Table(
        of=DataClass.REFERRALS,
        cardholder="contents_sealed owner_index partner_code status",
        keyed="owner_index",
        nobody="id client_id shown_at consented_at arrived_at answer_due_at ended_at lapses_at changed_at expires_at",
    ),
    "referral_answer": Table(of=DataClass.TELLING, nobody="partner_code event_id referral_id digest applied_at"),
    "referral_consent": Table(of=DataClass.LOG, nobody="referral_id version sha256 given_at noted_at door"),
    "referral_message": Table(
        of=DataClass.REFERRALS,
        cardholder="body_sealed",
        nobody="id referral_id partner_code kind status attempts queued_at first_tried_at next_try_at settled_at "
        "detail",
    ),
    "referral_partner": Table(
        of=DataClass.HUB,
        nobody="code name_zh name_en licence_no kinds max_annual_percent example_principal_fen example_cost_fen "
        "example_months url handover_url secret_sealed added_at off_at",
    ),
    "referral_revocation": Table(of=DataClass.LOG, cardholder="actor", nobody="referral_id at door"),
    "request_content": Table(
        of=DataClass.REQUESTS, others_too="salt_sealed text_sealed", nobody="request_id sequence bank_code"
    ),
    "request_entry": Table(
        of=DataClass.LOG,
        staff="actor",
        nobody="request_id sequence bank_code at channel party kind event from_status to_status "
        "attachments content previous digest",
    ),
    "request_file": Table(of=DataClass.REQUESTS, nobody="request_id evidence_id bank_code given_at"),
    "service_request": Table(
        of=DataClass.REQUESTS,
        others_too="contents_sealed",
        cardholder="contact_sealed owner_index",
        keyed="owner_index",
        staff="owner_id",
        nobody="id matter_id kind reference bank_code client_id negotiation_id status opened_at updated_at "
        "reached_bank_at closed_at clock_opened_at response_days closes_at due_at calendar_version provisional "
        "answered_at breach_noted_at remind_at look_at log_length log_head log_mac log_covered erased_at "
        "changed_at expires_at",
    ),
    "slot": Table(
        of=DataClass.HUB,
        nobody="id bank_code place_id kind starts_at ends_at capacity taken purposes closed_at added_at",
    ),
    "visitor": Table(of=DataClass.STAFF, staff="number name_sealed", nobody="id bank_code active changed_at"),
}
