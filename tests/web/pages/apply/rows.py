"""What an application at the pages left in the database."""

from __future__ import annotations

from hub.domain.actor import HUB
from hub.wiring import Hub


def count(hub: Hub, record: type) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.query(record).count()
