"""The page of one negotiation: all that a decision needs on one screen, the plan builder with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from flask import Response, request

from hub.domain import answer_time
from hub.domain.canned_reply import ReplyUse
from hub.domain.china import china_day
from hub.domain.errors import Fault
from hub.domain.staff import ACTING
from hub.domain.terms import FIELDS_BY_KIND, Kind
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.heading import heading
from hub.services.reading.bank.negotiation import NegotiationView, negotiation
from hub.services.reading.bank.offer_start import templates_for
from hub.services.reading.bank.plan import AskedShown, PlanShown, asked_for
from hub.services.reading.bank.replies import ready_replies
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.agreement_words import end_words, row_words, standing_for_bank
from hub.web.pages.amendment_words import amended_for_bank
from hub.web.pages.clearance_words import words_for_bank
from hub.web.pages.display_names import word
from hub.web.pages.form_actions import Trouble
from hub.web.pages.forms import FormState
from hub.web.pages.portal import plan_builder
from hub.web.pages.portal.blueprint import came_from
from hub.web.pages.portal.done_words import DONE
from hub.web.pages.portal.doubts import with_sentences
from hub.web.pages.portal.form_fields import OF_TEMPLATE
from hub.web.pages.portal.form_pages import drafted_cases, negotiation_address
from hub.web.pages.portal.list_place import ListPlace
from hub.web.pages.portal.plan_builder import Typed
from hub.web.pages.portal.presence import note_here, presence_shown
from hub.web.pages.portal.queue_words import Words, span_words
from hub.web.pages.portal.revealed import revealed_until
from hub.web.pages.proposal_words import proposal_rows
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language
from hub.web.pages.unfinished import left_at
from hub.web.pages.visitors import current_staff, now_for_sessions

# What was said last; the whole log is in a fold.
_RECENT: Final = 3
OFFER_FIELDS = OF_TEMPLATE["portal/negotiation.html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """The page of a negotiation. `form` is what was typed into the plan builder, None where it begins.

    It begins as a plan of `kind`, like the offer `like`, or by the bank's template `template`, where they are given.
    """

    negotiation_id: str
    form: Typed | None = None
    kind: Kind | None = None
    like: str | None = None
    template: str | None = None

    def __call__(
        self, state: FormState | None = None, *, status: int = 200, trouble: Trouble | None = None, look: Any = None
    ) -> Response:
        """The page, with `state` in the plan builder; each look goes into the access log. Raises `NotFound`."""
        del look
        with face().hub.writing(current_staff().actor) as tx:
            return self.within(tx, state, status=status, trouble=trouble)

    def within(
        self, tx: HubTransaction, state: FormState | None = None, *, status: int = 200, trouble: Trouble | None = None
    ) -> Response:
        """The same in an open transaction that may write."""
        person = current_staff()
        until = revealed_until(person, self.negotiation_id)
        found = negotiation(
            tx,
            self.negotiation_id,
            bank_code=person.bank,
            language=page_language(),
            in_full=frozenset(until),
        )
        # What was typed stays on the page also where the case has gone on meanwhile.
        may_build = found.actions.offer or self.form is not None
        if request.path == negotiation_address(self.negotiation_id):
            note_here(tx, self.negotiation_id)
        builds = person.role in ACTING and may_build and not found.identity_unconfirmed
        return page(
            "portal/negotiation.html",
            status=status,
            title=found.reference,
            negotiation=found,
            doubts=with_sentences(found.doubts),
            head=heading(tx, self.negotiation_id, bank_code=person.bank, language=page_language()),
            revealed_until=until,
            revealed_seconds=int((min(until.values()) - now_for_sessions()).total_seconds()) if until else 0,
            today=china_day(tx.now).isoformat(),
            time_left=_time_left(tx, found),
            acts=person.role in ACTING,
            builds=builds,
            trouble=trouble,
            presence=presence_shown(tx, self.negotiation_id, seen=str(found.log_length)),
            recent=[line for part in found.log if not part.is_machine for line in part.entries][:_RECENT],
            replies=ready_replies(tx, self.negotiation_id, ReplyUse.MESSAGE, person),
            is_drafted=self.negotiation_id in drafted_cases(tx),
            message=left_at(tx, f"{negotiation_address(self.negotiation_id)}/messages"),
            list_place=_place_in_list(),
            done=DONE.get(request.args.get("done", "")),
            **_wish(found),
            **_agreement(found),
            **(self._builder(tx, person, found, state, trouble) if builds else _no_builder(found, state)),
        )

    def _builder(
        self,
        tx: HubTransaction,
        person: Staff,
        found: NegotiationView,
        state: FormState | None,
        trouble: Trouble | None,
    ) -> dict[str, Any]:
        draft = None
        form = self.form
        if form is None:
            draft = left_at(tx, f"{negotiation_address(self.negotiation_id)}/offer")
            form = self._begun(tx, person, found, draft)
        shown = replace(form.state if state is None else state, fields=OFFER_FIELDS)
        # After a change by somebody else the form is for what its reader now sees.
        is_for_now = trouble is not None or shown.is_unfinished
        seen = str(found.log_length) if is_for_now else shown.value("seen", str(found.log_length))
        is_over_loans = any(shown.value(f"balances.{row}.contract_last4") for row in shown.rows("balances"))
        plan, faults = plan_builder.plan_in(tx, self.negotiation_id, form, bank_code=person.bank)
        return {
            "state": shown,
            "seen": seen,
            "kind": form.kind,
            # A loan has no minimum to lower.
            "kinds": [
                (each, word("plan", each)) for each in Kind if not (is_over_loans and each is Kind.LOWER_MINIMUM)
            ],
            "is_over_loans": is_over_loans,
            "taken": FIELDS_BY_KIND[form.kind].taken,
            "kept": form.kept,
            "draft": draft,
            "offer_templates": [
                (each.template_id, each.value) for each in templates_for(tx, self.negotiation_id, bank_code=person.bank)
            ],
            **plan_words(plan, faults),
            "asked": asked_words(asked_for(tx, self.negotiation_id, bank_code=person.bank)),
        }

    def _begun(self, tx: HubTransaction, person: Staff, found: NegotiationView, draft: FormState | None) -> Typed:
        """The plan builder as it begins: with a draft, with an offer, or with what the person asks for."""
        if draft is not None and self.kind is None and self.like is None and self.template is None:
            form = plan_builder.of_values(draft.values)
            return replace(form, state=replace(draft, data=form.state.data, values=form.state.values))
        returned = found.offers_news.returned
        like = self.like or (returned[0].id if returned and self.kind is None else None)
        return plan_builder.begun(
            tx,
            self.negotiation_id,
            kind=self.kind,
            like=like,
            template=self.template,
            bank_code=person.bank,
            over_loans=request.args.get("debts") == "loans",
        )


def _no_builder(found: NegotiationView, state: FormState | None) -> dict[str, Any]:
    return {"seen": str(found.log_length), "state": state or FormState(), "asked": None}


def plan_words(plan: PlanShown | None, faults: Sequence[Fault]) -> dict[str, Any]:
    """What the part of the page that shows the plan needs; `plan_faults` are (field, sentence) each."""
    return {
        "plan": plan,
        "plan_faults": FormState(faults=tuple(faults), fields=OFFER_FIELDS).summary,
        "is_over_80": plan is not None and plan.figures.strain is not None,
    }


def asked_words(asked: AskedShown) -> dict[str, Any]:
    """What the button that agrees to the wish needs: whether it can be pressed, or why not in words."""
    faults = [Fault("", each.code, each.params) if not each.pointer else each for each in asked.faults]
    words = [words for _, words in FormState(faults=tuple(faults), fields=OFFER_FIELDS).summary]
    return {"is_lawful": not asked.faults, "plan": asked.plan, "why_not": words, "is_counter": asked.is_counter}


def _time_left(tx: HubTransaction, found: NegotiationView) -> str:
    """The working time until the answer is due, or since then, as the queue says it; empty where nothing is counted."""
    if found.clock is None:
        return ""
    due_at = datetime.fromisoformat(found.clock["due_at"])
    return span_words(abs(answer_time.working_time(tx.now, due_at, tx.calendar())), Words())


def _place_in_list() -> str:
    place = ListPlace.read(came_from())
    return "" if place is None else place.words


def _wish(found: NegotiationView) -> dict[str, Any]:
    return {"proposal_rows": proposal_rows(found.wish.proposal)}


def _agreement(found: NegotiationView) -> dict[str, Any]:
    signed = None if found.agreement is None else found.agreement.view
    return {
        "row_words": {} if signed is None else row_words(signed),
        "agreement_standing": "" if signed is None else standing_for_bank(signed),
        "end_words": [] if signed is None else end_words(signed),
        "clearance_words": None if signed is None else words_for_bank(signed["clearance"]),
        "amended": None if signed is None else amended_for_bank(signed),
    }
