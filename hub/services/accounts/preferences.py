"""What people choose for themselves, kept for every device on which they sign in by the same way.

A host app's word about a person changes nothing of what the same person chose through another, as with drafts.
"""

from collections.abc import Callable
from datetime import timedelta

from hub.domain.errors import NotFound
from hub.domain.preferences import Preferences
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications.person_index import person_indexes
from hub.services.transaction import HubTransaction
from storage import preferences as rows
from storage.drafts import FORM_CLIENT
from storage.records import NegotiationRecord, PreferencesRecord
from storage.submissions import submission_of

KEPT = timedelta(days=400)
"""How long a choice outlives its last use: over a year, in which nobody signed anything or was told anything."""
_USED_AGAIN = timedelta(days=30)


def _owner(cardholder: Cardholder) -> tuple[tuple[bytes, ...], str]:
    return cardholder.owner_indexes, cardholder.client_id or FORM_CLIENT


def of(tx: HubTransaction, cardholder: Cardholder) -> Preferences:
    """What the person chose; the defaults where they chose nothing."""
    indexes, client_id = _owner(cardholder)
    return _value(tx, rows.find(tx, indexes, client_id=client_id))


def _value(tx: HubTransaction, record: PreferencesRecord | None) -> Preferences:
    if record is None or record.expires_at <= tx.now:
        return Preferences()
    return rows.value_of(tx, record)


def change(tx: HubTransaction, cardholder: Cardholder, edit: Callable[[Preferences], Preferences]) -> Preferences:
    """What `edit` makes of the person's choices is kept for all their devices; gives it."""
    indexes, client_id = _owner(cardholder)
    expires_at = tx.now + KEPT
    record = rows.find(tx, indexes, client_id=client_id, lock=True)
    if record is None:
        record = rows.add(tx, indexes[0], client_id=client_id, expires_at=expires_at)
        # Another of the person's windows has written one in this moment.
        record = record or rows.find(tx, indexes, client_id=client_id, lock=True)
        if record is None:
            raise NotFound
    value = edit(_value(tx, record))
    rows.save(tx, record, value, expires_at=expires_at)
    return value


def forget(tx: HubTransaction, cardholder: Cardholder) -> None:
    """Nothing is kept of what the person chose."""
    indexes, client_id = _owner(cardholder)
    rows.remove(tx, indexes, client_id=client_id)


def of_applicant(tx: HubTransaction, negotiation: NegotiationRecord) -> Preferences:
    """By what the person of the negotiation is told: what they chose last, by any way in that shows it to them.

    That is the app that it was made through, or the mobile that stands in it.
    """
    record = _of_applicant(tx, negotiation)
    return Preferences() if record is None else rows.value_of(tx, record)


def use_of_applicant(tx: HubTransaction, negotiation: NegotiationRecord) -> Preferences:
    """The same in a writing transaction: what was chosen is kept on, since somebody is told something by it."""
    record = _of_applicant(tx, negotiation)
    if record is None:
        return Preferences()
    _keep_on(tx, record)
    return rows.value_of(tx, record)


def _of_applicant(tx: HubTransaction, negotiation: NegotiationRecord) -> PreferencesRecord | None:
    applicant = submission_of(tx, negotiation).applicant
    made_by = negotiation.launch_client_id or negotiation.client_id
    by_document = person_indexes(tx, applicant.id_type, applicant.id_number)
    by_mobile = tx.keyring.indexes(applicant.mobile, purpose="mobile")
    found = (
        rows.find(tx, by_document, client_id=made_by),
        rows.find(tx, by_mobile, client_id=FORM_CLIENT),
    )
    chosen = [record for record in found if record is not None and record.expires_at > tx.now]
    return max(chosen, key=lambda record: record.changed_at, default=None)


def note_use(tx: HubTransaction, cardholder: Cardholder) -> None:
    """What the person chose is kept on, since they are here."""
    indexes, client_id = _owner(cardholder)
    record = rows.find(tx, indexes, client_id=client_id)
    if record is not None:
        _keep_on(tx, record)


def _keep_on(tx: HubTransaction, record: PreferencesRecord) -> None:
    if tx.now < record.expires_at < tx.now + KEPT - _USED_AGAIN:
        record.expires_at = tx.now + KEPT
