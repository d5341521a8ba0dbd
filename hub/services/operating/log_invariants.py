"""What holds of the log as a whole: its signed heads, and the two logs that are no negotiation's."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from hub.domain.log_heads import BrokenHead
from hub.services.log_heads import log_sections
from hub.services.log_heads.heads_look import HeadsLook
from hub.services.log_heads.log_sections import GoneChain, LogFault
from hub.services.log_heads.rows_look import BrokenRow
from hub.services.operating.breach import Breach, breaches_of
from hub.services.passes import Section
from hub.services.transaction import HubTransaction
from storage.spans import Span

_Look = Callable[[HubTransaction, Span], Iterable[LogFault]]


def sections() -> list[Section[Breach]]:
    """All that has to hold, and that proofs are made of the nodes that heads are over."""
    looking = HeadsLook()
    return [
        Section(
            name=f"log/{each.name}",
            key=each.key,
            which=each.which,
            many=each.many,
            look=partial(_told, looking, each.look),
        )
        for each in log_sections.sections(looking)
        if each.look is not None
    ]


def _told(looking: HeadsLook, look: _Look, tx: HubTransaction, span: Span) -> Iterator[Breach]:
    knew = looking.has_other_nodes
    yield from breaches_of("the log", (_in_words(each) for each in look(tx, span)))
    if looking.has_other_nodes and not knew:
        detail = "its nodes are not those over the ends that heads cover"
        yield Breach(invariant="log_heads", subject="the tree", detail=detail)


def _in_words(fault: LogFault) -> tuple[str, str, str]:
    match fault:
        case BrokenHead(number=number, fault=what):
            return "log_heads", f"head {number}", f"is broken ({what})"
        case GoneChain(chain=chain):
            return "log_heads", chain, "a head covers its log, and it is gone"
        case BrokenRow(log=log, row=row, reason=reason):
            return "log_rows", f"{log} {row}", reason
