"""A bank's record of a call, with its recording where there is one, and the offer that was agreed on in it."""

from hub.domain.correspondence import CallRecord
from hub.domain.offer import BankOffer
from hub.services.evidence import evidence_files
from hub.services.evidence.recordings import RECORDING
from hub.services.negotiations import correspondence, offering
from hub.services.negotiations.locking import lock_for_bank
from hub.services.transaction import HubTransaction
from storage import evidence
from storage.communications import Entry
from storage.records import OfferRecord
from storage.stored_files import StoredEvidence


def log_call(
    tx: HubTransaction,
    negotiation_id: str,
    call: CallRecord,
    *,
    recording: StoredEvidence | None,
    bank_code: str,
) -> tuple[Entry, OfferRecord | None]:
    """The call is in the log; where it holds terms, an oral offer is open that only the person's code can accept.

    The face has seen to it that terms come with a recording or its reference. Raises as `offering.make_offer` does.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    given = None
    if recording is not None:
        evidence_files.keep(tx, recording)
        given = (evidence.get_evidence(tx, recording.file.id), RECORDING)
    entry = correspondence.log_call(tx, negotiation, call, given)
    if call.terms is None:
        return entry, None
    reference = call.recording_reference or (None if recording is None else recording.file.id)
    proposed = BankOffer(terms=call.terms, oral=True, recording_reference=reference, reason_over_80=call.reason_over_80)
    return entry, offering.make_offer(tx, negotiation_id, proposed, bank_code=bank_code)
