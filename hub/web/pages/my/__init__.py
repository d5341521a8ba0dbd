"""The pages below `/my/`, put into one blueprint: a person's negotiations from the first wait to the last payment."""

from flask import Blueprint

from hub.domain.errors import OfferNotOpen, StatusConflict
from hub.web.pages.my import correcting, counter, ending, following, offers, others, papers, reporting, writing
from hub.web.pages.my.own import changed_meanwhile

pages = Blueprint("my", __name__, url_prefix="/my")

for _part in (following, offers, counter, writing, reporting, ending, correcting, papers, others):
    pages.register_blueprint(_part.blueprint)

pages.register_error_handler(StatusConflict, changed_meanwhile)
pages.register_error_handler(OfferNotOpen, changed_meanwhile)
