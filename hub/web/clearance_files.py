"""The PDF of a certificate that a bank uploads: taken into the store and judged at once, by the rules of evidence."""

from hub.domain.errors import Fault, Refused
from hub.domain.evidence import MediaType
from hub.services.evidence.evidence_files import StoredEvidence, delete_bytes, receive
from hub.web import uploads
from hub.web.uploads import Incoming
from hub.wiring import Hub

KIND = "clearance"


def received(hub: Hub, incoming: Incoming, *, client_id: str) -> StoredEvidence:
    """The file lies in the store and opens; no row speaks of it yet. No transaction may be open.

    Raises `Refused` at `/file` for what is no PDF or was rejected, with nothing kept; `UnsupportedType`, `TooLarge`,
    `StoreFull`, and `TryAgain` where it cannot be judged now.
    """
    upload = uploads.upload_of(incoming, client_id=client_id, kind=KIND)
    with uploads.blamed_on("/file"):
        stored = receive(hub.store, upload, incoming.read)
    is_kept = False
    try:
        if stored.media_type != MediaType.PDF:
            raise Refused(Fault("/file", "pdf_required"))
        chunks = hub.store.read(stored.file.store_name, stored.file.key, stored.size)
        reason = hub.inspect(chunks, MediaType.PDF)
        if isinstance(reason, str):
            raise Refused(Fault("/file", f"evidence_{reason}"))
        is_kept = True
        return stored
    finally:
        if not is_kept:
            delete_bytes(hub.store, [stored.file.store_name])
