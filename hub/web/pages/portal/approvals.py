"""The levels of a large offer: looking at it, letting it pass, sending it back to its maker."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from hub.domain.approval import APPROVING_ROLES
from hub.domain.errors import Fault, Refused
from hub.domain.offer import OfferBy
from hub.domain.presence import Doing
from hub.domain.staff import ACTING
from hub.services.negotiations import approvals, notes
from hub.services.reading.bank.heading import Heading, heading
from hub.services.reading.bank.negotiation import negotiation
from hub.services.reading.bank.offers import get_offer
from hub.services.reading.bank.reviews import comparison, rounds_of, waiting_for_review
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.form_actions import Trouble
from hub.web.pages.forms import FormState, read_form, typed_values
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.portal.blueprint import FROM, came_from, came_from_list_named, pages
from hub.web.pages.portal.done_words import DONE
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.portal.presence import note_doing
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_WORDS, load_words


@pages.route("/reviews")
@for_bank(*APPROVING_ROLES)
def list_reviews() -> Response:
    """What waits for the person to approve, what is due first on top; never what they made themselves."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = waiting_for_review(tx, person)
    return page("portal/reviews.html", title=translate("待我复核"), reviews=found, done=_done_before())


def _done_before() -> str:
    """What was done at the case before, in words; empty where nothing was."""
    return DONE.get(request.args.get("done", ""), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The page of one offer: what it changes, on what facts, and what was said of it; raises `NotFound`.

    It shows the case, so each look is a reading of it.
    """

    negotiation_id: str
    offer_id: str

    def __call__(
        self, state: FormState, *, status: int = 200, trouble: Trouble | None = None, look: Any = None
    ) -> Response:
        """The page as it stands, read in one transaction."""
        del look
        with face().hub.writing(current_staff().actor) as tx:
            return self._page.within(tx, state, status=status, trouble=trouble)

    @property
    def _page(self) -> FormPage:
        return FormPage(
            negotiation_id=self.negotiation_id,
            template="portal/offer-review.html",
            gather=self._gathered,
            form_address=f"{negotiation_address(self.negotiation_id)}/offers/{self.offer_id}/return",
        )

    def _gathered(self, tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
        person = current_staff()
        offer = get_offer(tx, self.negotiation_id, self.offer_id, bank_code=person.bank)
        case = negotiation(
            tx, self.negotiation_id, bank_code=person.bank, language=page_language(), in_full=frozenset()
        )
        is_of_bank = offer.by == OfferBy.BANK
        may_decide = offer.may_be_decided_by(person.actor, person.role)
        note_doing(Doing.REVIEW if may_decide else Doing.VIEWING)
        return {
            "title": translate("方案复核") if offer.awaits_approval else translate("方案"),
            "offer": offer,
            "done": _done_before(),
            "case": case,
            "compared": comparison(tx, case.id, offer, case.offers, bank_code=person.bank) if is_of_bank else None,
            "rounds": rounds_of(offer, case.offers) if is_of_bank else [],
            "may_decide": may_decide,
            "is_last": offer.next_level == len(offer.levels) - 1,
            "is_own": offer.awaits_approval and offer.is_by(person.actor),
            "acts": person.role in ACTING,
            "may_see": person.role in ACTING,
            "revealed_until": {},
        }


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>")
@for_bank()
def show_offer(negotiation_id: str, offer_id: str) -> Response:
    """One offer with every payment, and the two buttons for whoever may decide over it."""
    return ReviewPage(negotiation_id=negotiation_id, offer_id=offer_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>/approve", methods=["POST"])
@for_bank(*APPROVING_ROLES)
def approve(negotiation_id: str, offer_id: str) -> Response:
    """A level lets a waiting offer pass, with a note for colleagues if there are words; after the last it is open."""
    confirmed_at = require_fresh_sign_in()
    person = current_staff()
    state = FormState(values=typed_values(request.form))
    words, faults = load_words({"text": state.value("note").strip()}, required=False)
    form = ReviewPage(negotiation_id=negotiation_id, offer_id=offer_id)

    def do(tx: HubTransaction) -> str:
        try:
            offer = approvals.approve(
                tx, negotiation_id, offer_id, role=person.role, bank_code=person.bank, confirmed_at=confirmed_at
            )
        except Refused as error:
            # The form has no fields for the terms, so what is wrong with them concerns the whole.
            raise Refused(*(Fault("", each.code, each.params) for each in error.faults)) from error
        if words:
            notes.add(tx, negotiation_id, words, bank_code=person.bank)
        return _onward(tx, negotiation_id, "approved" if offer.opened_at else "approved_so_far")

    return carry_out(state.with_faults(replace(each, pointer="/note") for each in faults), effect=do, form=form)


def _onward(tx: HubTransaction, negotiation_id: str, done: str) -> str:
    """From the list of what waits one goes on to the next of it, or back to it; from the case back to the case."""
    person = current_staff()
    if came_from_list_named() != "reviews":
        return negotiation_address(negotiation_id, done)
    reference = heading(tx, negotiation_id, bank_code=person.bank, language=page_language()).reference
    said = urlencode({"done": done, "of": reference})
    following = next(iter(waiting_for_review(tx, person)), None)
    if following is None:
        return f"/portal/reviews?{said}"
    address = f"{negotiation_address(following.negotiation_id)}/offers/{following.offer_id}"
    return f"{address}?{said}&{urlencode({FROM: came_from()})}"


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>/return", methods=["POST"])
@for_bank(*APPROVING_ROLES)
@keeps_unfinished
def send_back(negotiation_id: str, offer_id: str) -> Response:
    """A waiting offer is with its maker again, with words; the person never sees it."""
    person = current_staff()
    form = ReviewPage(negotiation_id=negotiation_id, offer_id=offer_id)
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def do(tx: HubTransaction) -> str:
        approvals.send_back(tx, negotiation_id, offer_id, words or "", role=person.role, bank_code=person.bank)
        return _onward(tx, negotiation_id, "returned")

    return carry_out(state.with_faults(faults), effect=do, form=form)
