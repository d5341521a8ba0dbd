"""`/portal/instalments/{id}/…pdf`: the letters about a request, as its person has them."""

from flask import Response

from hub.documents.instalment_letters import QUOTE_ZH, RESULT_ZH, InstalmentLetter, quote_html, result_html
from hub.services.instalments import papers
from hub.services.instalments.papers import MakeLetter
from hub.services.reading.bank import instalments as requests
from hub.web.access import face
from hub.web.limits import PAPERS_A_CLERK
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.sealed_papers import save_sealed


@pages.route("/instalments/<id:request_id>/quote.pdf")
@for_bank()
def instalment_quote_paper(request_id: str) -> Response:
    """分期报价书."""
    letter = _letter(request_id, papers.quote_letter)
    return save_sealed(lambda seal: quote_html(letter, seal), QUOTE_ZH)


@pages.route("/instalments/<id:request_id>/result.pdf")
@for_bank()
def instalment_result_paper(request_id: str) -> Response:
    """分期办结通知书."""
    letter = _letter(request_id, papers.result_letter)
    return save_sealed(lambda seal: result_html(letter, seal), RESULT_ZH)


def _letter(request_id: str, make: MakeLetter) -> InstalmentLetter:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        letter = requests.letter_of(tx, request_id, make, bank_code=person.bank)
    face().limits.count((PAPERS_A_CLERK, (person.owner_key,)))
    return letter
