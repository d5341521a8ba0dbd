"""Search of cases. In an address stands the number of a case and no name or number of a person: logs keep addresses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from hub.services.accounts.attempts import Limit
from hub.services.accounts.staff import Staff
from hub.services.reading.bank import searching
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.queue_address import HOME
from hub.web.pages.rendering import go
from hub.web.pages.visitors import current_staff, for_bank

SEARCHES: Final = Limit(name="searches", amount=120, window=timedelta(minutes=1))
"""More than anybody types; so many names and numbers can be tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What somebody looked for, and the cases it may be."""

    asked: str
    ids: tuple[str, ...]

    @property
    def one(self) -> str | None:
        """The only case that it may be."""
        return self.ids[0] if len(self.ids) == 1 else None


def found_by(tx: HubTransaction, person: Staff, word: str) -> Found | None:
    """The cases that the word of the address finds; None where nothing is looked for."""
    asked = searching.typed_in(tx, person, word)
    return Found(asked=asked, ids=searching.find_cases(tx, person, asked)) if asked else None


def count_search(person: Staff, word: str) -> None:
    """One more search is counted where the address has one; raises `TooManyTries`."""
    if word.strip():
        face().limits.count_from_lease(SEARCHES, person.id)


@pages.route("/search", methods=["POST"])
@for_bank()
def search() -> Response:
    """The browser is sent to what was found."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        word = searching.word_for_address(tx, person, request.form.get("q", ""))
    return go(f"{HOME}?{urlencode({'q': word})}" if word else HOME)
