"""What holds of every stored offer: its digest covers it whole, it follows from its terms, the log has it,
and it opened by the levels of its bank."""

from collections.abc import Iterator, Mapping

from hub.domain.agreement import Texts
from hub.domain.amounts import owed_fen
from hub.domain.balances import Planned, left_out_fen, planned_of
from hub.domain.errors import EvidenceDamaged
from hub.domain.plain import Plain, from_plain, to_plain
from hub.services.negotiations import offer_contents
from hub.services.transaction import HubTransaction
from storage import offers
from storage.records import OfferRecord

# What both sides sign, and therefore what the digest has to cover.
COVERED = ("terms", "planned", "left_out_fen", "balances", "schedule", "total_fen", "annual_cost", "texts")


def offer_faults(tx: HubTransaction, offer: OfferRecord, logged: Mapping[str, str]) -> Iterator[str]:
    """What does not hold of the offer, in words for an operator; `logged` are digests of the log by what they are of.

    One of before offers carried their texts has a digest of terms and schedule alone, and is held to that.
    """
    yield from _faults_of_approvals(offer)
    try:
        if offer.opened_at is not None and not offer_contents.is_logged_as(tx, offer, logged.get(offer.id)):
            yield "not the offer that the log has"
        sealed: Plain | None = offers.contents_in(tx, offer)
        if sealed is not None:
            yield from _faults_of_contents(tx, offer, sealed)
    except EvidenceDamaged:
        yield "what it says cannot be read"


def _faults_of_approvals(offer: OfferRecord) -> Iterator[str]:
    levels = offers.approvals_of(offer)
    given = [each.by for each in levels if each.by is not None]
    if offer.opened_at is not None and len(given) < len(levels):
        yield "it was opened before every level had approved it"
    if len({*given, offer.made_by}) <= len(given):
        yield "somebody approved it twice, or what they made themselves"


def _faults_of_contents(tx: HubTransaction, offer: OfferRecord, sealed: Plain) -> Iterator[str]:
    uncovered = [name for name in COVERED if name not in sealed]
    if uncovered:
        yield f"its digest does not cover {', '.join(uncovered)}"
        return
    terms, balances = offers.terms_of(tx, offer), offers.balances_of(tx, offer)
    if (sealed["terms"], sealed["balances"]) != (
        offer_contents.terms_view(terms),
        offer_contents.balances_view(balances),
    ):
        yield "other terms or balances than it is kept with"
    planned = from_plain(Planned, sealed["planned"])
    left_fen = max(0, left_out_fen(terms, balances))
    if (sealed["planned"], sealed["left_out_fen"]) != (to_plain(planned_of(terms, balances)), left_fen):
        yield "what is planned and what is left out do not follow from its terms and balances"
    parts_fen = sum(to_plain(planned).values()) + terms.waived.total_fen + sealed["left_out_fen"]
    if owed_fen(balances) != parts_fen:
        yield "its balances are not planned, waived and left out to the fen"
    texts = from_plain(Texts, sealed["texts"])
    if not (texts.default_clause.strip() and texts.payment_instructions.strip()):
        yield "its texts are empty"
