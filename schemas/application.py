"""An application and its correction on the wire: single fields by schema, the rules between them after it.

Whatever could be read is judged, also where other parts are wrong: a person hears of every fault at once.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from hub.domain import consent
from hub.domain.application import (
    Applicant,
    Application,
    Channel,
    Consent,
    Contact,
    Correction,
    EvidenceReference,
    Hardship,
    HardshipReason,
    Representative,
    SupportNeed,
)
from hub.domain.china import china_day
from hub.domain.consent import TEXTS_IN_FORCE, Purpose
from hub.domain.errors import Fault
from hub.domain.people import says_nothing
from hub.domain.references import References
from schemas.accounts import (
    MAX_ACCOUNTS,
    AccountSchema,
    account_faults,
    accounts_of,
    named_banks,
    past_day_faults,
)
from schemas.base import Found, ReadNaming, Schema, parts, read, repeated
from schemas.evidence import (
    MAX_EVIDENCE,
    VERSION_LIMIT,
    EvidenceReferenceSchema,
    evidence_faults,
    evidence_of,
    files_of,
    later_consents,
    named_evidence,
)
from schemas.fields import Choice, Day, Each, Instant, Name, Part, SpokenText, Text, Whole
from schemas.household import MAX_PEOPLE, FinancesSchema, finances_faults, finances_of
from schemas.identifiers import CreditorCode, IdText, Mobile
from schemas.loans import MOST_LOANS, LoanSchema, debt_faults, loan_faults, loans_of, named_creditors
from schemas.person import ApplicantSchema, settle_id_number
from schemas.proposals import ProposalsSchema, proposal_faults, proposal_of, proposals_of

# One for each creditor, banks under two codes, and the other purposes, with room for repeats.
_MAX_CONSENTS = 150
_MAX_CHANNELS = 10
_WORD_LIMIT = 100

_VERSION_IN_FORCE = {text.purpose: text.version for text in TEXTS_IN_FORCE}
_UNREAD_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)


class HardshipSchema(Schema):
    """Why repaying is hard, and since when."""

    reasons = Each(Choice(HardshipReason), least=1, most=len(HardshipReason), required=True)
    since = Day(load_default=None, allow_none=True)
    description = SpokenText(load_default="")


class ConsentSchema(Schema):
    """One consent, as it was given."""

    purpose = Choice(Purpose, required=True)
    bank_code = CreditorCode(load_default=None, allow_none=True)
    version = Text(limit=VERSION_LIMIT, minimum=1, required=True)
    given_at = Instant(required=True)


class ContactSchema(Schema):
    """How and when the person likes to be reached."""

    channels = Each(Text(limit=_WORD_LIMIT, minimum=1), most=_MAX_CHANNELS, load_default=list)
    hours = Text(limit=_WORD_LIMIT, load_default="")


class RepresentativeSchema(Schema):
    """Somebody who helps, with the paper that allows it."""

    name = Name(required=True)
    relation = Text(limit=_WORD_LIMIT, minimum=1, required=True)
    mobile = Mobile(required=True)
    authority_evidence = IdText(load_default=None, allow_none=True)


class ApplicationSchema(ProposalsSchema):
    """An application to one or more creditors, over cards, loans, or both."""

    channel = Choice(Channel, required=True)
    applicant = Part(ApplicantSchema, required=True)
    accounts = Each(Part(AccountSchema), most=MAX_ACCOUNTS, load_default=list)
    loans = Each(Part(LoanSchema), most=MOST_LOANS, load_default=list)
    hardship = Part(HardshipSchema, required=True)
    finances = Part(FinancesSchema, required=True)
    household_size = Whole(least=1, most=MAX_PEOPLE, load_default=None, allow_none=True)
    evidence = Each(Part(EvidenceReferenceSchema), most=MAX_EVIDENCE, load_default=list)
    consents = Each(Part(ConsentSchema), most=_MAX_CONSENTS, required=True)
    support_needs = Each(Choice(SupportNeed), most=len(SupportNeed), load_default=list)
    contact = Part(ContactSchema, load_default=None, allow_none=True)
    representative = Part(RepresentativeSchema, load_default=None, allow_none=True)


class CorrectionSchema(Schema):
    """What a returned negotiation is sent again with: all of it, so that no file is lost unseen."""

    accounts = Each(Part(AccountSchema), most=MAX_ACCOUNTS, load_default=list)
    loans = Each(Part(LoanSchema), most=MOST_LOANS, load_default=list)
    finances = Part(FinancesSchema, required=True)
    evidence = Each(Part(EvidenceReferenceSchema), most=MAX_EVIDENCE, required=True)
    consents = later_consents()


APPLICATION = ApplicationSchema()
CORRECTION = CorrectionSchema()


def load_application(data: object, *, now: datetime) -> ReadNaming[Application]:
    """The application that `data` holds, or every fault in it, at the instant `now`."""
    found, faults = read(APPLICATION, data)
    faults += _application_faults(found, now)
    return ReadNaming.of(faults, _references(found), lambda: _application(found))


def load_correction(data: object, *, today: date) -> ReadNaming[Correction]:
    """The correction that `data` holds, or every fault in it; and what it names."""
    found, faults = read(CORRECTION, data)
    faults += debt_faults(found)
    faults += account_faults(found, today=today)
    faults += loan_faults(found, today=today)
    faults += finances_faults(found)
    faults += evidence_faults(found)
    return ReadNaming.of(faults, _references(found), lambda: _correction(found))


def _application_faults(found: Found, now: datetime) -> Iterator[Fault]:
    if not found:
        return
    today = china_day(now)
    yield from settle_id_number(found.get("applicant") or {}, "/applicant", today=today)
    yield from debt_faults(found)
    yield from account_faults(found, today=today)
    yield from loan_faults(found, today=today)
    yield from _hardship_faults(found.get("hardship") or {}, today)
    yield from finances_faults(found)
    yield from _household_faults(found)
    yield from proposal_faults(found, today=today)
    yield from evidence_faults(found)
    yield from _consent_faults(found, now)
    yield from repeated("/support_needs", found.get("support_needs") or (), "listed_twice")
    yield from _representative_faults(found)


def _hardship_faults(found: Found, today: date) -> Iterator[Fault]:
    yield from past_day_faults(found, "since", "/hardship", today=today)
    reasons = found.get("reasons") or ()
    yield from repeated("/hardship/reasons", reasons, "listed_twice")
    if HardshipReason.OTHER in reasons and "description" in found and says_nothing(found["description"]):
        yield Fault("/hardship/description", "description_required")


def _household_faults(found: Found) -> Iterator[Fault]:
    beside, inside = found.get("household_size"), (found.get("finances") or {}).get("household_size")
    if beside is not None and inside is not None and beside != inside:
        yield Fault("/household_size", "household_size_twice")


def _consent_faults(found: Found, now: datetime) -> Iterator[Fault]:
    """What is missing or out of date; nothing where the consents as a whole were not there to be read."""
    if "consents" not in found:
        return
    read_consents = [(place, each) for place, each in enumerate(parts(found, "consents")) if "purpose" in each]
    for place, each in read_consents:
        if each["purpose"] is Purpose.SHARE_WITH_BANK and each.get("bank_code", "") is None:
            yield Fault(f"/consents/{place}/bank_code", "required")
        if "given_at" in each:
            yield from (fault.under(f"/consents/{place}") for fault in consent.time_faults(_consent(each), now=now))
    # Each is judged alone to keep its place; what is missing, over all of them together.
    values = [(place, _consent(each)) for place, each in read_consents]
    bank_codes = [each["bank_code"] for each in parts(found, "accounts") if "bank_code" in each]
    bank_codes += [code for _, code in named_creditors(found)]
    evidence = [EvidenceReference(id="", kind=each["kind"]) for each in parts(found, "evidence") if "kind" in each]
    places = [place for place, _ in values]
    for fault in consent.faults_of([value for _, value in values], bank_codes=bank_codes, evidence=evidence):
        # A consent's number among those that were read is turned into its place in the input.
        yield fault.renumbered("consents", places)


def _consent(found: Found) -> Consent:
    """A consent whose purpose was read; what was not read stands there as if it were right."""
    return Consent(
        purpose=found["purpose"].value,
        version=found.get("version", _VERSION_IN_FORCE[found["purpose"]]),
        given_at=found.get("given_at", _UNREAD_INSTANT),
        bank_code=found.get("bank_code"),
    )


def _representative_faults(found: Found) -> Iterator[Fault]:
    mobile = (found.get("representative") or {}).get("mobile")
    # The codes that sign go to the applicant's mobile, so it cannot be the helper's.
    if mobile is not None and mobile == (found.get("applicant") or {}).get("mobile"):
        yield Fault("/representative/mobile", "representative_mobile_is_applicants")
    paper = (found.get("representative") or {}).get("authority_evidence")
    files = parts(found, "evidence")
    # A file whose id could not be read may be the one that is meant.
    if paper is None or "evidence" not in found or not all("id" in each for each in files):
        return
    if paper not in {each["id"] for each in files}:
        yield Fault("/representative/authority_evidence", "evidence_not_listed")


def _references(found: Found) -> References:
    named = (*named_banks(found, "accounts", "proposals"), *named_creditors(found))
    return References(bank_codes=named, evidence=named_evidence(found))


def _application(found: Found) -> Application:
    contact, representative = found["contact"], found["representative"]
    return Application(
        channel=found["channel"],
        applicant=Applicant(**found["applicant"]),
        accounts=accounts_of(found),
        loans=loans_of(found),
        hardship=Hardship(**{**found["hardship"], "reasons": tuple(found["hardship"]["reasons"])}),
        finances=finances_of(found),
        proposal=proposal_of(found),
        proposals=proposals_of(found),
        evidence=evidence_of(found),
        consents=tuple(_consent(each) for each in found["consents"]),
        support_needs=tuple(found["support_needs"]),
        contact=Contact(channels=tuple(contact["channels"]), hours=contact["hours"]) if contact else None,
        representative=Representative(**representative) if representative else None,
    )


def _correction(found: Found) -> Correction:
    return Correction(
        accounts=accounts_of(found),
        loans=loans_of(found),
        finances=finances_of(found),
        **files_of(found),
    )
