"""How the queue's own connections to PostgreSQL find out that the server, or the way to it, is gone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# As `storage.database` has it for the hub's own: without these a thread would wait a quarter of an hour for a machine
# that was taken away.
GIVES_UP_SOON: Mapping[str, int] = MappingProxyType(
    {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
)
# Nor does one that stands still in a transaction keep from others what it had locked.
LETS_GO_SOON: Final = "-c idle_in_transaction_session_timeout=20000"
