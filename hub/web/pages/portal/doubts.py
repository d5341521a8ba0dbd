"""What is worth a second look about a case: shown beside the case and its files, and answered there."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from hub.domain.doubts import DoubtAnswer
from hub.domain.staff import ACTING
from hub.services.doubts import answering
from hub.services.reading.bank.doubts import DoubtShown
from hub.services.transaction import HubTransaction
from hub.web.doubt_sentences import doubt_text
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import negotiation_address
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_staff, for_bank


def with_sentences(doubts: Sequence[DoubtShown]) -> list[tuple[DoubtShown, str]]:
    """Each doubt with what it says in the language of the page."""
    return [(each, doubt_text(each.doubt, page_language())) for each in doubts]


@pages.route("/negotiations/<id:negotiation_id>/doubts/<id:doubt_id>", methods=["POST"])
@for_bank(*ACTING)
def answer_doubt(negotiation_id: str, doubt_id: str) -> Response:
    """What was done about the doubt is with it; any other word changes nothing."""
    person, given = current_staff(), request.form.get("answer", "")
    file = request.form.get("file", "")

    def do(tx: HubTransaction) -> str:
        answer = DoubtAnswer(given) if given in set(DoubtAnswer) else None
        answering.answer(tx, negotiation_id, doubt_id, answer, bank_code=person.bank)
        if file.isalnum():
            return f"{negotiation_address(negotiation_id)}/evidence/{file}/view"
        return f"{negotiation_address(negotiation_id)}#doubts"

    return do_once(person, do)
