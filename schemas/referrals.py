"""Referrals and partners on the wire: what a person or an operator says, what a partner answers, what is answered."""

from urllib.parse import urlsplit

from marshmallow import fields

from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.referral import HandedOver, Outcome, PartnerAnswer, ReferralConsent, ReferralStatus
from hub.domain.referral_partner import MOST_MONTHS, LoanExample, LoanKind, ReferralPartner, partner_code
from schemas.actions import read_body
from schemas.answers import SHA256
from schemas.base import Found, Read, Schema, repeated
from schemas.fields import Choice, Day, Each, Fen, Formed, FreeText, Instant, Name, Part, Percent, Text, Whole
from schemas.identifiers import Email, IdText, Mobile
from schemas.strict_json import decode

_NAME_LIMIT, _LICENCE_LIMIT, _URL_LIMIT, _VERSION_LIMIT = 100, 80, 500, 32
_HIGHEST_READ = 999


def _https(text: str) -> str:
    """An address that people may be sent to; raises `InvalidValue`: `url_form`, `url_https`."""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise InvalidValue("url_form", key="url") from error
    if not parts.hostname or parts.username is not None or len(text) > _URL_LIMIT or not text.isascii():
        raise InvalidValue("url_form", key="url")
    if parts.scheme != "https":
        raise InvalidValue("url_https", key="url")
    return text


class PartnerSchema(Schema):
    """A partner as an operator writes it down."""

    code = Formed(partner_code, required=True)
    name_zh = FreeText(limit=_NAME_LIMIT, minimum=1, required=True)
    name_en = FreeText(limit=_NAME_LIMIT, minimum=1, required=True)
    licence_no = Text(limit=_LICENCE_LIMIT, load_default="")
    kinds = Each(Choice(LoanKind), most=len(LoanKind), least=1, required=True)
    max_annual_percent = Percent(most=_HIGHEST_READ, required=True)
    example_principal_fen = Fen(least=1, required=True)
    example_cost_fen = Fen(required=True)
    example_months = Whole(least=1, most=MOST_MONTHS, required=True)
    url = Formed(_https, required=True)
    handover_url = Text(limit=_URL_LIMIT, minimum=1, required=True)


class ConsentGivenSchema(Schema):
    """A person's word that a partner is given name and mobile; `email` is for telling the person alone."""

    version = Text(limit=_VERSION_LIMIT, minimum=1, required=True)
    given_at = Instant(required=True)
    name = Name(required=True)
    mobile = Mobile(required=True)
    email = Email(load_default=None, allow_none=True)


class ConsentFieldsSchema(Schema):
    """The same on the person's own page, whose mobile is that of the sign-in."""

    name = Name(required=True)
    email = Email(load_default=None, allow_none=True)


class ReferralSchema(Schema):
    """Which partner a client's person is shown, and their consent where they gave it."""

    subject = IdText(required=True)
    partner = Formed(partner_code, required=True)
    consent = Part(ConsentGivenSchema, load_default=None, allow_none=True)


class PartnerAnswerDataSchema(Schema):
    """What a partner says of one referral."""

    referral = IdText(required=True)
    outcome = Choice(Outcome, required=True)
    annual_percent = Percent(most=_HIGHEST_READ, load_default=None, allow_none=True)


class PartnerCallSchema(Schema):
    """What stands around it."""

    type = fields.String(required=True)
    timestamp = Instant(load_default=None, allow_none=True)
    data = Part(PartnerAnswerDataSchema, required=True)


class LoanCostAnswerSchema(Schema):
    """What the partner's example costs, paid back one way."""

    kind = Choice(LoanKind)
    payments_fen = fields.List(Fen())
    days = fields.List(Day())
    nominal_percent = fields.String()
    effective_percent = fields.String()
    by_dates_percent = fields.String(allow_none=True)


class ReferralPartnerAnswerSchema(Schema):
    """A licensed lender that a person may be pointed to."""

    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    licence_no = fields.String()
    max_annual_percent = fields.String()
    url = fields.String(metadata={"format": "uri"})
    example_principal_fen = Fen()
    example_cost_fen = Fen()
    example_months = Whole(least=1, most=MOST_MONTHS)
    total_fen = Fen()
    costs = fields.List(fields.Nested(LoanCostAnswerSchema))


class ReferralTextAnswerSchema(Schema):
    """The words that a person agrees to, with `{partner}` for the partner's name."""

    version = fields.String()
    sha256 = fields.String(metadata=SHA256)
    zh = fields.String()
    en = fields.String()


class ReferralPartnerListSchema(Schema):
    """The partners by their names; the whole list."""

    items = fields.List(fields.Nested(ReferralPartnerAnswerSchema))
    consent_text = fields.Nested(ReferralTextAnswerSchema)


class ReferralConsentAnswerSchema(Schema):
    """What was agreed to, and whether it was taken back."""

    version = fields.String()
    sha256 = fields.String(metadata=SHA256)
    given_at = Instant()
    revoked_at = Instant(allow_none=True)


class HandedOverAnswerSchema(Schema):
    """All that the partner is given."""

    name = fields.String()
    mobile = fields.String()


class ReferralAnswerSchema(Schema):
    """A referral as it stands."""

    id = IdText()
    partner = fields.String()
    status = Choice(ReferralStatus)
    shown_at = Instant()
    consent = fields.Nested(ReferralConsentAnswerSchema, allow_none=True)
    handed_over = fields.Nested(HandedOverAnswerSchema, allow_none=True)
    arrived_at = Instant(allow_none=True)
    answer_due_at = Instant(allow_none=True)
    ended_at = Instant(allow_none=True)
    lapses_at = Instant(allow_none=True)


class ReferralListSchema(Schema):
    """A person's referrals, the newest first; the whole list."""

    items = fields.List(fields.Nested(ReferralAnswerSchema))


PARTNER = PartnerSchema()
REFERRAL = ReferralSchema()
CONSENT_FIELDS = ConsentFieldsSchema()
PARTNER_CALL = PartnerCallSchema()
_ANSWERED = "referral.answered"


def load_partner(data: object) -> Read[ReferralPartner]:
    """The partner as it was written down, or None and every fault."""
    found, faults = read_body(PARTNER, data)
    faults += repeated("/kinds", found.get("kinds") or [], "listed_twice")
    try:
        return Read.of(faults, lambda: _partner_of(found))
    except Refused as error:
        return Read(None, list(error.faults))


def _partner_of(found: Found) -> ReferralPartner:
    example = {name.removeprefix("example_"): found.pop(name) for name in list(found) if name.startswith("example_")}
    return ReferralPartner(**{**found, "kinds": tuple(found["kinds"])}, example=LoanExample(**example))


def load_referral(data: object) -> Read[tuple[str, str, ReferralConsent | None]]:
    """(the client's name for its person, the partner's code, the consent if it was given), or None and the faults."""
    found, faults = read_body(REFERRAL, data)
    return Read.of(faults, lambda: (found["subject"], found["partner"], _consent_of(found["consent"])))


def _consent_of(found: Found | None) -> ReferralConsent | None:
    if found is None:
        return None
    return ReferralConsent(
        version=found["version"],
        given_at=found["given_at"],
        handed_over=HandedOver(name=found["name"], mobile=found["mobile"]),
        email=found["email"],
    )


def load_consent_fields(data: object, *, agrees: bool) -> Read[tuple[str, str | None]]:
    """(name, where the person is told) of one who is signed in and `agrees`; or None and every fault."""
    found, faults = read_body(CONSENT_FIELDS, data)
    if not agrees:
        faults.append(Fault("/agree", "consent_not_ticked"))
    return Read.of(faults, lambda: (found["name"], found["email"]))


def load_partner_answer(content: bytes) -> PartnerAnswer:
    """What the partner said; raises `Malformed`, and `Refused` with every fault."""
    found, faults = read_body(PARTNER_CALL, decode(content))
    if "type" in found and found["type"] != _ANSWERED:
        faults.append(Fault("/type", "unknown_choice", {"choices": _ANSWERED}))
    data = found.get("data") or {}
    if data.get("outcome") == Outcome.CONTRACTED and data.get("annual_percent") is None and not faults:
        faults.append(Fault("/data/annual_percent", "required"))
    return Read.of(faults, lambda: PartnerAnswer(**data)).value_or_refuse()
