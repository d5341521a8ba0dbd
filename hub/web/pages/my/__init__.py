"""The pages below `/my/`, put into one blueprint: a person's negotiations from the first wait to the last payment.

What a person may see and do is decided by `hub.services`; nothing of a bank's desk is shown.
"""

from flask import Blueprint

from hub.domain.errors import OfferNotOpen, StatusConflict
from hub.web.pages import unfinished
from hub.web.pages.my import (
    accounts,
    all_plans,
    amendments,
    applying_again,
    appointments,
    bill_banks,
    calendar,
    clearance,
    collection_reports,
    complaint,
    consents,
    correction,
    counter_offer,
    credit_notes,
    deductions,
    documents,
    erasure,
    files,
    instalment_proofs,
    instalments,
    load,
    mandates,
    messages,
    mobile_proof,
    negotiations,
    note_signing,
    offers,
    person_export,
    phones,
    readings,
    record,
    referrals,
    requests,
    revoking,
    rights,
    settings,
    withdrawal,
)
from hub.web.pages.my.negotiation_page import changed_meanwhile, take_draft

pages = Blueprint("my", __name__, url_prefix="/my")

for _part in (
    negotiations,
    phones,
    all_plans,
    offers,
    counter_offer,
    messages,
    accounts,
    applying_again,
    amendments,
    collection_reports,
    credit_notes,
    clearance,
    withdrawal,
    correction,
    documents,
    files,
    record,
    requests,
    readings,
    complaint,
    rights,
    consents,
    erasure,
    mobile_proof,
    settings,
    person_export,
    bill_banks,
    calendar,
    appointments,
    note_signing,
    load,
    referrals,
    mandates,
    revoking,
    deductions,
    instalment_proofs,
    instalments,
):
    pages.register_blueprint(_part.blueprint)

pages.before_request(take_draft)
pages.after_request(unfinished.forget_done)
pages.register_error_handler(StatusConflict, changed_meanwhile)
pages.register_error_handler(OfferNotOpen, changed_meanwhile)
