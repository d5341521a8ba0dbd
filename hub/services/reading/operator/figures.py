"""Figures for whoever watches over the hub, counted in the database: the same whichever process is asked."""

from datetime import datetime

from hub.services.reading.operator.case_figures import case_figures
from hub.services.reading.operator.figure import Figure, one, seconds_since
from hub.services.reading.operator.message_figures import message_figures
from hub.services.transaction import HubTransaction
from storage import log_heads


def figures(tx: HubTransaction, *, real_now: datetime) -> list[Figure]:
    """Every figure that can be asked for every few seconds, as of now; `real_now` is the machine's time."""
    return [*message_figures(tx, real_now=real_now), *case_figures(tx, real_now=real_now)]


def log_figures(tx: HubTransaction) -> list[Figure]:
    """How the log is. Every chain is looked at, which takes its time where there are a great many."""
    last, since = log_heads.newest(tx), log_heads.uncovered_since(tx)
    return [
        one("hub_log_heads", "Heads of the log that were signed", 0 if last is None else last.number),
        one(
            "hub_log_unsigned_seconds",
            "How long what is in the log has waited for a signed head; 0 where heads cover all of it",
            seconds_since(since, tx.now),
        ),
    ]
