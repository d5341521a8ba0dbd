"""What the clauses of an agreement are called on pages; their texts are Chinese on every page, as they are signed."""

from collections.abc import Mapping, Sequence

from hub.domain.clauses import CLAUSE_TITLES
from hub.domain.loan_wording import TITLES_ZH
from hub.domain.plain import Plain
from hub.web.catalogue import marked
from hub.web.pages.translation import translate

_WHERE: Mapping[str, str] = {"office_address": marked("银行办公地址"), "office_phone": marked("银行联系电话")}


def titled_clauses(clauses: Plain) -> Sequence[tuple[str, str]]:
    """Title, in the language of the page, and text of each clause of an offer, then where the bank is found."""
    titles = {**CLAUSE_TITLES, **TITLES_ZH} if clauses.get("for_loans") else CLAUSE_TITLES
    rows = [(translate(title), clauses[name]) for name, title in titles.items()]
    return rows + [(translate(title), clauses[name]) for name, title in _WHERE.items() if clauses[name]]
