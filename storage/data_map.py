"""Every column there is, and whose data it holds; what is not named here fails a test.

What a column ending in `_sealed` holds is sealed with the hub's keys. `keyed` are hashes under a key by which a person
is found again, or secrets are compared; nobody can read them, and they go with what they speak of.
"""

from collections.abc import Mapping
from typing import Final

from hub.domain.retention import DataClass
from storage.data_map_beside import BESIDE_NEGOTIATIONS
from storage.personal_data import Table

_OWN = {"cardholder": "body_sealed owner_index", "keyed": "owner_index"}

_OTHERS: Final[Mapping[str, Table]] = {
    "access_entry": Table(of=DataClass.ACCESSES, staff="actor what", nobody="id at bank_code negotiation_id"),
    "access_token": Table(of=DataClass.SIGN_IN, nobody="digest client_id scopes expires_at"),
    "agreement": Table(
        of=DataClass.AGREEMENT,
        others_too="contents_sealed end_note_sealed",
        # Lists and sweeps find and order agreements by the next day and by what lacks; every sum is sealed.
        cardholder="next_due_on missed_rows part_paid_rows",
        nobody="id number negotiation_id bank_code offer_id status signed_at collection_held_at "
        "hold_check_at judged_at "
        "remind_at ended_at end_reason end_effective_at followed_at",
    ),
    "amendment": Table(
        of=DataClass.AGREEMENT,
        others_too="asked_sealed answer_sealed contents_sealed",
        nobody="id negotiation_id agreement_id bank_code kind status by asked_at answered_at valid_until lapses_at "
        "position number signed_at closed_at",
    ),
    "answered_call": Table(
        of=DataClass.ANSWERED_CALLS,
        others_too="body_sealed",
        cardholder="client_id fingerprint",
        keyed="client_id fingerprint",
        nobody="key status location answered_at",
    ),
    "answered_week": Table(of=DataClass.HUB, nobody="bank_code week by name in_time late"),
    "application": Table(
        of=DataClass.APPLICATION,
        others_too="body_sealed",
        cardholder="person_index subject_index mobile_index",
        keyed="person_index subject_index mobile_index",
        nobody="id reference client_id submitted_at",
    ),
    "application_trace": Table(
        of=DataClass.TRACES, others_too="digest", keyed="digest", nobody="application_id sort noted_at"
    ),
    "assignment": Table(of=DataClass.STAFF, staff="staff_id rows", nobody="id bank_code way at undone_at"),
    "attempt": Table(of=DataClass.SIGN_IN, cardholder="whose", keyed="whose", nobody="id at expires_at amount"),
    "audit_entry": Table(of=DataClass.AUDIT, staff="actor address about details", nobody="id bank_code at kind"),
    "backup_note": Table(of=DataClass.HUB, nobody="kind made_at size checked_at drilled_at"),
    "bank": Table(
        of=DataClass.HUB,
        nobody="code name_zh name_en kind licence_no regulator adapter settings secrets_sealed added_at closed_at",
    ),
    "bank_change": Table(
        of=DataClass.STAFF, staff="asked_by decided_by", nobody="id bank_code status words asked_at decided_at"
    ),
    "bank_event": Table(
        of=DataClass.APPLICATION,
        cardholder="digest",
        keyed="digest",
        nobody="bank_code event_id negotiation_id request_id type applied_at",
    ),
    "bank_line": Table(of=DataClass.HUB, nobody="bank_code failures closed_until collect_at collect_failures"),
    "bank_tally": Table(of=DataClass.HUB, nobody="bank_code counts counted_at"),
    "batch": Table(of=DataClass.TELLING, nobody="id bank_code day number made_at sent_at"),
    "calendar_notice": Table(of=DataClass.HUB, nobody="id year notice published_on off work imported_at"),
    "case_note": Table(
        of=DataClass.APPLICATION, others_too="text_sealed", staff="actor", nobody="id negotiation_id bank_code at"
    ),
    "case_presence": Table(of=DataClass.SIGN_IN, staff="staff_id doing at", nobody="negotiation_id bank_code"),
    "clean_copy": Table(
        of=DataClass.FILES,
        others_too="sha256 file_key_sealed thumbnail_sealed origin_sealed",
        nobody="id media_type size store_name made_at removed was_signed",
    ),
    "clearance": Table(
        of=DataClass.AGREEMENT,
        others_too="issuance_sealed",
        nobody="id negotiation_id agreement_id bank_code opened_at asked_at due_at version issued_at late_noted_at",
    ),
    "client": Table(
        of=DataClass.HUB,
        nobody="id name secret_digest previous_secret_digest previous_secret_ends_at scopes bank_code added_at "
        "disabled_at notify_url notify_secret_sealed",
    ),
    "client_notice": Table(
        of=DataClass.TELLING,
        nobody="id client_id negotiation_id request_id bank_code negotiation_status changed_at status attempts "
        "next_try_at told_at detail",
    ),
    "clock": Table(
        of=DataClass.LOG,
        cardholder="reason_marks",
        keyed="reason_marks",
        others_too="cause_sealed",
        staff="cause_by",
        nobody="id negotiation_id bank_code delivery_id opened_at response_days closes_at paused_on resumed_on due_at "
        "calendar_version provisional answered_at ended_at breach_noted_at remind_at outcome outcome_at stage team_id "
        "days_taken cause cause_at",
    ),
    "collection_hold": Table(of=DataClass.AGREEMENT, nobody="id agreement_id bank_code by stopped_at recorded_at"),
    "collection_report": Table(
        of=DataClass.AGREEMENT,
        others_too="said_sealed answer_sealed",
        nobody="id negotiation_id agreement_id bank_code channel reported_at due_at answered_at",
    ),
    "confirmation_code": Table(
        of=DataClass.APPLICATION,
        cardholder="digest",
        keyed="digest",
        nobody="id offer_id amendment_id negotiation_id bank_code sent_at expires_at tries used_at",
    ),
    # That a consent was given or taken back outlives the person's data: nothing in it names them.
    "consent": Table(
        of=DataClass.LOG,
        nobody="id negotiation_id bank_code purpose evidence_id version sha256 given_at noted_at door",
    ),
    "consent_withdrawal": Table(
        of=DataClass.LOG, cardholder="actor", nobody="negotiation_id purpose bank_code at door"
    ),
    # Goes with the contents it belongs to.
    "content_salt": Table(
        of=DataClass.APPLICATION, others_too="salt_sealed", nobody="content_id kind negotiation_id bank_code"
    ),
    "credit_note": Table(
        of=DataClass.APPLICATION,
        others_too="said_sealed answer_sealed",
        nobody="id negotiation_id bank_code kind asked_at due_at answered_at",
    ),
    "delivery": Table(
        of=DataClass.APPLICATION,
        others_too="body_sealed sha256",
        nobody="id negotiation_id request_id bank_code kind status through attempts first_tried_at next_try_at "
        "delivered_at detail "
        "queued_at in_process batch_id",
    ),
    "desk_template": Table(
        of=DataClass.STAFF, staff="changed_by", nobody="id bank_code sort template_id version body changed_at"
    ),
    "document": Table(
        of=DataClass.APPLICATION,
        others_too="sha256 file_key_sealed",
        nobody="id negotiation_id bank_code kind version size store_name printed_at",
    ),
    "doubt": Table(
        of=DataClass.FILES,
        cardholder="kind facts_sealed answer",
        staff="answered_by",
        nobody="id negotiation_id bank_code evidence_id found_at answered_at",
    ),
    "draft": Table(of=DataClass.UNSENT, **_OWN, nobody="id client_id changed_at expires_at"),
    "erasure": Table(of=DataClass.AUDIT, nobody="id store_names ids begun_at done_at"),
    "evidence": Table(
        of=DataClass.FILES,
        others_too="kind_sealed file_name_sealed sha256 file_key_sealed",
        cardholder="subject_index",
        keyed="subject_index",
        nobody="id client_id media_type size status reason store_name uploaded_at attached_at",
    ),
    "evidence_check": Table(
        of=DataClass.FILES,
        others_too="verdict text_sealed",
        staff="actor",
        nobody="id negotiation_id evidence_id bank_code at replaced_at",
    ),
    "evidence_request": Table(
        of=DataClass.APPLICATION,
        others_too="kinds_sealed text_sealed",
        nobody="id negotiation_id bank_code asked_at due_at answered_at lapsed_at closed_at answer_waits",
    ),
    "evidence_trace": Table(of=DataClass.FILES, others_too="digest", keyed="digest", nobody="evidence_id page band"),
    "evidenced_figure": Table(
        of=DataClass.FILES,
        others_too="line said_sealed",
        staff="actor",
        nobody="id negotiation_id bank_code at replaced_at",
    ),
    "export": Table(
        of=DataClass.EXPORTS,
        others_too="order_sealed file_key_sealed sha256",
        staff="asked_by decided_by decision_sealed",
        nobody="id bank_code kind format in_full status asked_at decided_at tries rows_done progress_at fault "
        "store_name size people expires_at",
    ),
    "gateway_order": Table(
        of=DataClass.APPLICATION,
        cardholder="digest",
        keyed="digest",
        nobody="mer_id order_id application_id taken_at",
    ),
    "given_evidence": Table(
        of=DataClass.FILES, others_too="kind_sealed", nobody="negotiation_id evidence_id bank_code given_at version"
    ),
    "launch": Table(of=DataClass.SIGN_IN, cardholder="person_sealed", nobody="digest client_id expires_at used_at"),
    "legal_hold": Table(
        of=DataClass.AUDIT,
        others_too="reason_sealed",
        staff="held_by released_by",
        nobody="id negotiation_id bank_code held_at released_at",
    ),
    "log_content": Table(
        of=DataClass.APPLICATION, others_too="salt_sealed text_sealed", nobody="negotiation_id sequence bank_code"
    ),
    "log_end": Table(of=DataClass.LOG, nobody="position chain length head"),
    "log_entry": Table(
        of=DataClass.LOG,
        staff="actor",
        nobody="negotiation_id sequence bank_code at channel party kind event from_status to_status "
        "attachments content previous digest",
    ),
    "log_head": Table(of=DataClass.LOG, nobody="number at entries size root previous key_id signature"),
    "log_node": Table(of=DataClass.LOG, nobody="level position hash"),
    "look": Table(
        of=DataClass.APPLICATION, cardholder="owner sequence at", keyed="owner", nobody="negotiation_id bank_code"
    ),
    "mail": Table(
        of=DataClass.TELLING,
        staff="staff_id",
        cardholder="token_sealed",
        nobody="id key negotiation_id bank_code kind reader channel about_id tells message_id status not_before "
        "next_try_at held_until attempts planned_at sent_at detail",
    ),
    "merchant": Table(of=DataClass.HUB, nobody="mer_id client_id sign_method public_key added_at"),
    # A queue is filtered and sorted by what is owed, in steps of a hundred yuan; the sum itself is sealed.
    "negotiation": Table(
        of=DataClass.APPLICATION,
        others_too="reason_sealed deferral_sealed transfer_sealed legal_sealed summary_sealed",
        cardholder="person_index subject_index mobile_index call_word owed_hundreds reason_marks",
        keyed="person_index subject_index mobile_index reason_marks",
        staff="owner_id",
        nobody="id reference application_id bank_code client_id launch_client_id renegotiation_of identity_level "
        "identity_rank identity_confirmed status version faults reason_code decision_by reached_bank_at due_at "
        "correct_by log_length log_head log_mac log_covered opened_at updated_at last_word over_at files_erased_at "
        "erased_at withdrawn_purposes consents_noted",
    ),
    "offer": Table(
        of=DataClass.APPLICATION,
        others_too="terms_sealed balances_sealed said_sealed schedule_sealed decision_sealed reason_over_80_sealed",
        cardholder="recording_reference",
        staff="made_by decided_by approvals",
        nobody="id negotiation_id bank_code by status oral made_at wanted_until opened_at valid_until closed_at",
    ),
    "operator_task": Table(
        of=DataClass.TELLING,
        staff="done_by",
        nobody="id key kind bank_code negotiation_id params raised_at done_at told_at",
    ),
    "page_session": Table(
        of=DataClass.SIGN_IN,
        cardholder="owner address device person_sealed",
        staff="staff_id previous_device",
        keyed="owner",
        nobody="digest kind proved_at previous_at started_at seen_at ends_at",
    ),
    "passkey": Table(
        of=DataClass.STAFF, staff="staff_id credential_id public_key name", nobody="id sign_count added_at used_at"
    ),
    "payment": Table(
        of=DataClass.AGREEMENT,
        cardholder="said_sealed",
        nobody="id agreement_id bank_code number recorded_at",
    ),
    "preferences": Table(of=DataClass.CHOICES, **_OWN, nobody="id client_id changed_at expires_at"),
    "proposed_account": Table(
        of=DataClass.APPLICATION,
        others_too="said_sealed",
        nobody="id negotiation_id bank_code status proposed_at answered_at",
    ),
    "recognised_amounts": Table(of=DataClass.FILES, others_too="amounts_sealed", nobody="id asked_at read_at"),
    "recovery_code": Table(of=DataClass.STAFF, staff="staff_id digest", keyed="digest", nobody="id made_at used_at"),
    "refused_event": Table(
        of=DataClass.APPLICATION,
        cardholder="digest",
        keyed="digest",
        nobody="id bank_code code event_id negotiation_id faults times first_at last_at seen_at",
    ),
    "row_seal": Table(of=DataClass.LOG, nobody="log sequence row_id digest"),
    "saved_view": Table(
        of=DataClass.STAFF, staff="staff_id name_sealed query made_by", nobody="id bank_code position counted made_at"
    ),
    "sealing_key": Table(of=DataClass.HUB, nobody="key_id check_value first_used_at"),
    "search_key": Table(of=DataClass.APPLICATION, cardholder="key", keyed="key", nobody="bank_code negotiation_id"),
    "sign_in_code": Table(
        of=DataClass.SIGN_IN,
        cardholder="mobile_index digest",
        keyed="mobile_index digest",
        nobody="id sent_at expires_at tries used_at",
    ),
    "signing_key": Table(of=DataClass.HUB, nobody="cert_id sign_method private_key_sealed public_key made_at"),
    "staff": Table(
        of=DataClass.STAFF,
        staff="email_sealed email_index name password fs_uniquifier tf_primary_method tf_totp_secret tf_last_counter "
        "sign_on_digest enrolment_digest signed_in_at signed_in_device",
        keyed="email_index",
        nobody="id bank_code role team_id active sign_on_issuer enrolment_ends_at is_demo added_at left_at "
        "daily_digest assigned_mails "
        "keyboard",
    ),
    "submission": Table(
        of=DataClass.APPLICATION, others_too="body_sealed", nobody="negotiation_id version bank_code submitted_at"
    ),
    "team": Table(of=DataClass.STAFF, nobody="id bank_code name added_at"),
    "unfinished_form": Table(
        of=DataClass.UNSENT,
        others_too="values_sealed",
        cardholder="owner_index",
        keyed="owner_index",
        nobody="id address held client_id changed_at expires_at",
    ),
    "viewing_copy": Table(
        of=DataClass.FILES,
        others_too="thumbnail_sealed",
        nobody="id status reason pages left_out asked_at made_at",
    ),
    "viewing_page": Table(
        of=DataClass.FILES,
        others_too="sha256 file_key_sealed picture_hash_sealed",
        nobody="id evidence_id number width height size store_name",
    ),
    "wanted_copy": Table(of=DataClass.FILES, nobody="id asked_at reason"),
    "worker_beat": Table(of=DataClass.HUB, nobody="name started_at at"),
}

TABLES: Final[Mapping[str, Table]] = dict(sorted({**_OTHERS, **BESIDE_NEGOTIATIONS}.items()))
