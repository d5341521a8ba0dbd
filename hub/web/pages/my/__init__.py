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
    clearance,
    collection_reports,
    complaint,
    correction,
    counter_offer,
    credit_notes,
    documents,
    files,
    messages,
    mobile_proof,
    negotiations,
    offers,
    phones,
    readings,
    record,
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
    readings,
    complaint,
    rights,
    mobile_proof,
    settings,
):
    pages.register_blueprint(_part.blueprint)

pages.before_request(take_draft)
pages.after_request(unfinished.forget_done)
pages.register_error_handler(StatusConflict, changed_meanwhile)
pages.register_error_handler(OfferNotOpen, changed_meanwhile)
