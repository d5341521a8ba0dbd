"""Names and numbers shown in full with a reason, and who of the bank read what: both are lines of the access log."""

from dataclasses import dataclass

from hub.domain.actor import Party
from hub.domain.errors import NotHandedOn
from hub.domain.masks import Masked
from hub.domain.plain import instant
from hub.services.notifications import staff_notices
from hub.services.operating import many_readings
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.transaction import HubTransaction
from storage import access_log, consents, negotiations
from storage.records import NegotiationRecord

_IN_FULL = "in_full"


def note_reveal(
    tx: HubTransaction,
    negotiation_id: str,
    *,
    reason: str,
    words: str,
    field: Masked | None,
    is_one_too_many: bool,
    bank_code: str,
) -> None:
    """Somebody has `field`, or everything where it is None, shown in full and says why.

    `is_one_too_many`: they looked at so many people lately that their supervisors are told, once an hour. Raises
    `NotFound`, and `NotHandedOn` once the person took back their consent.
    """
    row = _handed_on(tx, negotiation_id, bank_code=bank_code)
    what = reason if field is None else f"{reason}+{field}"
    access_log.note_reading(tx, row, tx.actor, f"{_IN_FULL}/{what}/{words}".rstrip("/"))
    many_readings.look_at_cases(tx, bank_code=bank_code)
    if is_one_too_many:
        staff_notices.many_reveals(tx, row)


def require_handed_on(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> None:
    """Raises what `note_reveal` raises, before anybody writes why."""
    _handed_on(tx, negotiation_id, bank_code=bank_code)


def _handed_on(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    if consents.withheld_of(tx, row).everything:
        raise NotHandedOn
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Somebody read something of a negotiation. `at` is an RFC 3339 time; `what` is as the access log has it.

    Of what was shown in full `reason` says why, `field` which of it (empty for all), and `words` what they wrote.
    """

    at: str
    reader: Author
    what: str
    reason: str = ""
    field: str = ""
    words: str = ""


def list_readings(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> list[Reading]:
    """Who of the bank and the hub read what of the negotiation, newest first; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    names = names_of(tx, bank_code)
    return [
        Reading(at=instant(each.at), reader=author_of(each.actor, names), **_parts(each.what))
        for each in reversed(access_log.list_readings(tx, row.id))
        if not each.actor.startswith(f"{Party.CARDHOLDER}:")
    ]


def _parts(what: str) -> dict[str, str]:
    head, _, rest = what.partition("/")
    if head != _IN_FULL:
        return {"what": what}
    why, _, words = rest.partition("/")
    reason, _, field = why.partition("+")
    return {"what": head, "reason": reason, "field": field, "words": words}
