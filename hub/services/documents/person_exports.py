"""All that the hub holds of one person, to take along (Personal Information Protection Law, article 45).

What a bank writes for its own file is the bank's to give out: the hub keeps it on the bank's behalf (article 21).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO, Final

from hub.documents.person_export import NegotiationOverview, PersonParts, overview_of, write_export
from hub.documents.record import EvidenceFile
from hub.domain.actor import Actor
from hub.domain.errors import NotFound, TryAgain, Unusable
from hub.domain.evidence import EXTENSIONS
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.retention import RULES, DataClass, Periods
from hub.services.accounts import cardholders, open_sessions, preferences, subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts
from hub.services.appointments import views as appointment_views
from hub.services.bills import bills
from hub.services.bills import consents as bill_consents
from hub.services.documents import person_overviews, records
from hub.services.documents.person_areas import areas_of
from hub.services.documents.printing import Printer
from hub.services.evidence import contents
from hub.services.mandates import kept as kept_mandates
from hub.services.reading import reading_log, requests
from hub.services.referrals import referrals
from hub.services.transaction import HubTransaction, Transactions
from storage import erasing, evidence, negotiations, unfinished_forms
from storage.drafts import FORM_CLIENT
from storage.evidence_store import EvidenceStore
from storage.records import EvidenceRecord, NegotiationRecord
from storage.unfinished_forms import FormOwner

_logger = logging.getLogger(__name__)
EXPORTED: Final = "person_export"
"""What a line of the access log says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """What is held of a person, but for the bytes of files. `negotiation_ids` by reference, of those not erased."""

    areas: Mapping[str, object]
    people: Sequence[Mapping[str, str]]
    overview: Sequence[NegotiationOverview]
    negotiation_ids: Mapping[str, str]
    file_ids: Sequence[str]
    made_at: datetime


def of_subject(tx: HubTransaction, client_id: str, subject: str, periods: Periods, *, language: str) -> FoundPerson:
    """What the client made for that person of its own, and its reading on record.

    Raises `NotFound` for one of whom nothing is known, and for another client's alike.
    """
    indexes = tx.keyring.indexes(subject, purpose="subject")
    mine = negotiations.list_of_subject(tx, client_id, indexes)
    files = erasing.list_unsent_files(tx, client_id, indexes)
    files += requests.files_of_person(tx, indexes, client_id=client_id)
    kept: Plain = {
        "bills": bills.views_of_person(tx, indexes, client_id=client_id),
        "requests": requests.export_views(tx, indexes, client_id=client_id),
        "bill_consents": bill_consents.views_of_person(tx, indexes, client_id=client_id),
        "referrals": referrals.views_of_person(tx, indexes, client_id=client_id),
        **kept_mandates.views_of_person(tx, indexes, client_id=client_id),
        "appointments": appointment_views.views_of_person(tx, indexes, client_id=client_id),
    }
    there: Plain = {name: found for name, found in kept.items() if found}
    if not (mine or files or there):
        raise NotFound
    return _found(tx, mine, files, there, periods, language=language)


def of_cardholder(
    tx: HubTransaction, cardholder: Cardholder, periods: Periods, *, language: str, real_now: datetime
) -> FoundPerson:
    """What the signed-in person sees, and what is kept for them alone; its reading is on record."""
    draft = drafts.find(tx, cardholder).data
    owner = FormOwner(indexes=cardholder.owner_indexes, client_id=cardholder.client_id or FORM_CLIENT)
    subject = subjects.of_cardholder(tx, cardholder)
    kept: Plain = {
        "bills": bills.views_of_person(tx, subject.indexes, client_id=subject.client_id),
        "requests": requests.export_views(tx, subject.indexes, client_id=subject.client_id),
        "bill_consents": bill_consents.views_of_person(tx, subject.indexes, client_id=subject.client_id),
        "referrals": referrals.views_of_person(tx, subject.indexes, client_id=subject.client_id),
        **kept_mandates.views_of_person(tx, subject.indexes, client_id=subject.client_id),
        "appointments": appointment_views.views_of_person(tx, subject.indexes, client_id=subject.client_id),
        "settings": to_plain(preferences.of(tx, cardholder)),
        "application_not_sent": draft,
        "forms_not_sent": [
            {
                "address": each.address,
                "changed_at": instant(each.changed_at),
                "values": unfinished_forms.values_of(tx, each),
            }
            for each in unfinished_forms.list_below(tx, owner, "/")
        ],
        "signed_in": [
            {"device": each.device, "started_at": instant(each.started_at), "seen_at": instant(each.seen_at)}
            for each in open_sessions.of_visitor(tx, cardholder, at=real_now)
        ],
    }
    files = [str(each["id"]) for each in draft.get("evidence", [])]
    files += requests.files_of_person(tx, subject.indexes, client_id=subject.client_id)
    return _found(tx, cardholders.list_for(tx, cardholder), files, kept, periods, language=language)


def _found(
    tx: HubTransaction,
    mine: Sequence[NegotiationRecord],
    file_ids: Sequence[str],
    kept: Plain,
    periods: Periods,
    *,
    language: str,
) -> FoundPerson:
    there = [each for each in mine if each.erased_at is None]
    loose = [record for each in file_ids if (record := evidence.find_evidence(tx, each)) is not None]
    areas = areas_of(tx, mine, loose, language=language)
    for each in mine:
        reading_log.note(tx, each, EXPORTED)
    return FoundPerson(
        areas={**areas, "kept_for_you": kept},
        people=areas["people"],
        overview=[person_overviews.overview_of(tx, each, periods) for each in there],
        negotiation_ids={each.reference: each.id for each in there},
        file_ids=[each.id for each in loose if evidence.is_kept(each)],
        made_at=tx.now,
    )


def write(
    transactions: Transactions,
    actor: Actor,
    store: EvidenceStore,
    found: FoundPerson,
    out: IO[bytes],
    *,
    printer: Printer,
) -> None:
    """`out` holds the export as a ZIP; one record is gathered at a time, and no transaction is open while it is read.

    Where nothing can be printed now the overview is a page alone.

    Raises `EvidenceDamaged`, `Unavailable`.
    """

    def record(negotiation_id: str, into: IO[bytes]) -> None:
        with transactions.reading(actor) as tx:
            gathered = records.gather_named(tx, store, negotiation_id)
        gathered.write(into)

    writers: dict[str, Callable[[IO[bytes]], None]] = {
        reference: partial(record, id_) for reference, id_ in found.negotiation_ids.items()
    }
    with transactions.reading(actor) as tx:
        files = [_loose(tx, store, evidence.get_evidence(tx, each)) for each in found.file_ids]
    parts = PersonParts(
        made_at=found.made_at,
        people=found.people,
        overview=found.overview,
        unsent_days=RULES[DataClass.UNSENT].days or 0,
        choices_days=RULES[DataClass.CHOICES].days or 0,
        bills_days=RULES[DataClass.BILLS].days or 0,
        referrals_days=RULES[DataClass.REFERRALS].days or 0,
        mandates_days=RULES[DataClass.MANDATES].days or 0,
        traces_days=RULES[DataClass.TRACES].days or 0,
        areas=found.areas,
        records=writers,
        files=files,
    )
    write_export(out, parts, overview_pdf=_printed(printer, parts))


def _printed(printer: Printer, parts: PersonParts) -> bytes | None:
    try:
        return printer(overview_of(parts))
    except (Unusable, TryAgain) as error:
        _logger.warning("the overview was not printed", extra={"error": type(error).__name__})
        return None


def _loose(tx: HubTransaction, store: EvidenceStore, record: EvidenceRecord) -> EvidenceFile:
    ending = next((endings[0] for kind, endings in EXTENSIONS.items() if kind == record.media_type), ".bin")
    return EvidenceFile(id=record.id, extension=ending[1:], chunks=contents.content_of(tx, store, record).chunks)
