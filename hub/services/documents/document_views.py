"""What is shown of a printed document, on every face alike: its digest, and where whoever acts finds it."""

from hub.domain.actor import Party
from hub.domain.plain import Plain
from hub.services.transaction import HubTransaction
from storage import documents


def document_view(
    tx: HubTransaction, negotiation_id: str, kind: str, path: str, *, version: int | None = None
) -> Plain | None:
    """The newest document of the kind, or that of one `version`, at `path` below the negotiation; None before it is
    printed."""
    paper = documents.find_document(tx, negotiation_id, kind, version)
    if paper is None:
        return None
    face = "bank/negotiations" if tx.actor.party == Party.BANK else "negotiations"
    return {"sha256": paper.sha256, "url": f"{tx.public_url}/api/v1/{face}/{negotiation_id}/{path}"}
