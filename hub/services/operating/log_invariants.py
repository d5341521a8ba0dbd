"""What holds of the log as a whole: its signed heads, and the two logs that are no negotiation's."""

from collections.abc import Iterator

from hub.services.log_heads import verifying
from hub.services.transaction import HubTransaction


def log_faults(tx: HubTransaction) -> Iterator[tuple[str, str, str]]:
    """(invariant, subject, detail) of all that does not hold.

    Each head follows the one before and is over what is stored; no log that a head covers is gone; the access log and
    the audit hold what they held.
    """
    for broken in verifying.broken_heads(tx):
        yield "log_heads", f"head {broken.number}", f"is broken ({broken.fault})"
    if verifying.has_other_nodes(tx):
        yield "log_heads", "the tree", "its nodes are not those over the ends that heads cover"
    for chain in verifying.missing_chains(tx):
        yield "log_heads", chain, "a head covers its log, and it is gone"
    for row in verifying.broken_rows(tx):
        yield "log_rows", f"{row.log} {row.row}", row.reason
