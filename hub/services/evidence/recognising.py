"""Having a machine read files for amounts, where the hub was told to: hints to the clerk who reads them.

It comes after everything: a file is read once its pages are drawn and a bank was given it, nothing waits for it, and
what cannot be read is left. Read are papers that say something of the month, and of these the pages that clerks see.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import EvidenceDamaged
from hub.domain.recognised_amounts import amounts_in, is_read
from hub.services.evidence import viewing_copies as drawn
from hub.services.evidence.contents import Content
from hub.services.evidence.lots import OneByOne
from hub.services.transaction import HubTransaction, Transactions
from storage import consents, given_evidence, recognised_amounts, viewing_copies
from storage.claims import ALONE, Claim
from storage.evidence_store import EvidenceStore
from storage.records import NegotiationRecord

MOST_PAGES: Final = 5
"""The first so many pages of a file: a payslip has one, and a month of a statement hardly more."""

ReadPage = Callable[[bytes], str]
"""Gives the text of a page, a JPEG, within bounds of its own."""


class Recognising(OneByOne):
    """Reads a file that waits."""

    def __init__(
        self,
        transactions: Transactions,
        store: EvidenceStore,
        read_page: ReadPage,
        real_clock: Clock,
        *,
        claim: Claim = ALONE,
    ) -> None:
        make = partial(recognise, transactions, store, read_page)
        waiting = recognised_amounts.list_waiting
        super().__init__(transactions, waiting, real_clock, make, awaited="its amounts", claim=claim)


def recognise(transactions: Transactions, store: EvidenceStore, read_page: ReadPage, evidence_id: str) -> None:
    """What was recognised in the file is kept, or that nothing was; doing it twice changes nothing.

    Raises StoreFull, TryAgain, and Unusable where nothing reads: the file waits on.
    """
    with transactions.reading(HUB) as tx:
        record = recognised_amounts.find(tx, evidence_id)
        if record is None or record.read_at is not None:
            return
        pages = viewing_copies.pages_of(tx, [evidence_id]).get(evidence_id, []) if may_be_read(tx, evidence_id) else []
        contents = [drawn.content_of(tx, store, each) for each in pages[:MOST_PAGES]]
    found = amounts_in(list(_texts(contents, read_page)))
    with transactions.writing(HUB) as tx:
        record = recognised_amounts.find(tx, evidence_id, lock=True)
        if record is not None and record.read_at is None:
            recognised_amounts.settle(tx, record, found)


def _texts(pages: Sequence[Content], read_page: ReadPage) -> Iterator[str]:
    for each in pages:
        try:
            content = b"".join(each.chunks)
        except EvidenceDamaged:
            # Whoever looks after decay says so.
            content = None
        yield "" if content is None else read_page(content)


def may_be_read(tx: HubTransaction, evidence_id: str) -> bool:
    """Whether a bank was given the file as a paper about the month, and may have it still."""
    for negotiation_id, _ in given_evidence.negotiations_given(tx, evidence_id):
        negotiation = tx.session.get_one(NegotiationRecord, negotiation_id)
        found = given_evidence.find_given(tx, negotiation_id, evidence_id)
        if negotiation.erased_at is not None or found is None or not is_read(found[0].kind):
            continue
        if not consents.withheld_of(tx, negotiation).holds(evidence_id, found[0].kind):
            return True
    return False


def forget_withheld(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """Of the negotiation's files nothing that was recognised is kept where no bank may have the file any more."""
    for record in given_evidence.list_ever_given(tx, negotiation.id):
        if not may_be_read(tx, record.id):
            recognised_amounts.forget(tx, record.id)
