"""Verifying the whole log as a pass, which may go on where it was: chains, heads, and the two logs beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.domain.log_chain import Broken
from hub.domain.log_heads import Head, LostHead, PrintedHead
from hub.services.documents.records import named, verify_log
from hub.services.log_heads import log_sections, verifying
from hub.services.log_heads.log_sections import LogFault
from hub.services.passes import Section
from hub.services.transaction import HubTransaction
from storage import communications
from storage.records import NegotiationRecord
from storage.spans import Span

_CHAINS_TOGETHER: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedChain:
    """The log of a negotiation, and its first entry that does not hold."""

    reference: str
    broken: Broken | None


Verified = VerifiedChain | LostHead | LogFault
"""What verifying finds, each negotiation that it looked at, and each head from outside that a restore lost."""


def verified(tx: HubTransaction, id_or_reference: str) -> VerifiedChain:
    """The negotiation of that id or reference; raises `NotFound`."""
    return _verified(tx, named(tx, id_or_reference))


def sections(kept: Sequence[Head], printed: Sequence[PrintedHead]) -> list[Section[Verified]]:
    """The whole pass; `kept` and `printed` are heads from outside."""
    return [
        Section(name="chains", key=(NegotiationRecord.id,), many=_CHAINS_TOGETHER, look=_chains),
        *sections_beside(kept, printed),
    ]


def sections_beside(kept: Sequence[Head], printed: Sequence[PrintedHead]) -> list[Section[Verified]]:
    """All but the chains of negotiations."""

    def outside(tx: HubTransaction, _span: Span) -> Iterator[Verified]:
        return verifying.broken_outside(tx, kept, printed)

    beside: list[Section[Any]] = [*log_sections.sections()]
    return [*beside, Section(name="heads from outside", look=outside)]


def _chains(tx: HubTransaction, span: Span) -> Iterator[Verified]:
    for each in communications.iterate_negotiations(tx, span):
        yield _verified(tx, each)


def _verified(tx: HubTransaction, negotiation: NegotiationRecord) -> VerifiedChain:
    return VerifiedChain(reference=negotiation.reference, broken=verify_log(tx, negotiation.id))
