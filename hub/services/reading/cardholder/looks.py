"""When a person last looked at each of their negotiations, and what is new since."""

from collections import defaultdict
from collections.abc import Sequence

from hub.domain.actor import Party
from hub.domain.news import News
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.transaction import HubTransaction
from storage import looks

# The person's own words, by their host app too, are never news to them.
_OTHERS = (Party.BANK, Party.HUB)


def news_of(tx: HubTransaction, cardholder: Cardholder, negotiation_ids: Sequence[str]) -> dict[str, News]:
    """What is new in each of the person's negotiations since they last looked at its page, by its id."""
    seen = looks.seen_by(tx, cardholder.owner_key, negotiation_ids)
    entries: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in looks.list_behind(tx, {each: seen.get(each, 0) for each in negotiation_ids}, parties=_OTHERS):
        entries[row.negotiation_id].append((row.sequence, row.kind))
    return {each: News.of(entries[each]) for each in negotiation_ids}


def note_look(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str, sequence: int) -> None:
    """The person has seen all up to the entry `sequence`; raises `NotFound` for another's negotiation."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    looks.note(tx, row.id, cardholder.owner_key, bank_code=row.bank_code, sequence=sequence)
