"""The consent to medical papers, asked for below the files of a form of a negotiation where none stands."""

from typing import Final

from flask import request

from hub.domain.application import Consent
from hub.domain.consent import TEXTS_IN_FORCE, Purpose
from hub.services.reading.cardholder import consents
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply.consents import field_of
from hub.web.pages.my.negotiation_page import reading_own
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_cardholder

_TEXT: Final = next(each for each in TEXTS_IN_FORCE if each.purpose is Purpose.MEDICAL_DATA)
_FIELD: Final = field_of(Purpose.MEDICAL_DATA, None)


def words_to_ask(tx: HubTransaction, negotiation_id: str) -> str:
    """What there is to agree to, in the language of the page; nothing where the consent stands."""
    given = consents.of_own(tx, current_cardholder(), negotiation_id).of(Purpose.MEDICAL_DATA)
    if given is not None and given.withdrawn is None:
        return ""
    return _TEXT.en if page_language() == "en" else _TEXT.zh


def own_and_words(negotiation_id: str) -> tuple[OwnNegotiation, str]:
    """The person's negotiation, and what its form asks them to agree to; raises `NotFound`."""
    with reading_own(negotiation_id) as (tx, negotiation):
        return negotiation, words_to_ask(tx, negotiation_id)


def given_now() -> tuple[Consent, ...]:
    """The consent, where it was ticked in the form that came."""
    if request.form.get(_FIELD) != "1":
        return ()
    return (Consent(purpose=_TEXT.purpose, version=_TEXT.version, given_at=face().hub.clock.now()),)
