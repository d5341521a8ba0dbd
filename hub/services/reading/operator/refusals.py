"""What banks' systems sent that was not applied; of its words nothing is kept."""

from hub.services.transaction import HubTransaction
from storage import bank_events
from storage.bank_events import RefusedEvent


def list_refused(tx: HubTransaction, *, limit: int = 200, unseen_only: bool = False) -> list[RefusedEvent]:
    """Refused events, the newest first; on request only those that no operator has looked at."""
    return bank_events.list_refused(tx, limit=limit, unseen_only=unseen_only)
