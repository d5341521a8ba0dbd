"""All that is kept of a person's mandates and deductions, for their export."""

from collections.abc import Sequence

from hub.domain.plain import Plain
from hub.services.mandates import deductions, mandates
from hub.services.transaction import HubTransaction


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> dict[str, list[Plain]]:
    """What stands in the person's export, by name."""
    return {
        "mandates": mandates.views_of_person(tx, owner_indexes, client_id=client_id),
        "deductions": deductions.views_of_person(tx, owner_indexes, client_id=client_id),
    }
