"""How connections to PostgreSQL, the hub's own and its queue's, find out that the server or the way to it is gone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# A server that went away without a word is given up within half a minute, and one that is not there at once: otherwise
# a thread would wait a quarter of an hour for a machine that was taken away.
GIVES_UP_SOON: Mapping[str, int] = MappingProxyType(
    {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
)
# A process that stands still in a transaction keeps its locks no longer than its worker keeps its name
# (hub.jobs.lease): whoever takes over its work would give up on them. What takes long sets this off for itself.
LETS_GO_SOON: Final = "-c idle_in_transaction_session_timeout=20000"
