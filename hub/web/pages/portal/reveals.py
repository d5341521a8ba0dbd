"""Names and numbers in full: asked for with a reason, shown for five minutes, hidden again; and who read what."""

from typing import Final

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.errors import Fault
from hub.domain.masks import Masked
from hub.domain.staff import ACTING
from hub.services.accounts.staff import Staff
from hub.services.operating.audit_words import reading_of
from hub.services.reading.bank.heading import heading
from hub.services.reading.bank.revealing import Reading, list_readings, note_reveal, require_handed_on
from hub.web.access import face
from hub.web.pages.display_names import GROUPS, word
from hub.web.pages.forms import FormState
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, negotiation_address
from hub.web.pages.portal.reveal_limit import require_fresh_beyond_five
from hub.web.pages.portal.revealed import forget, remember, revealed_until
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_bank

WHY_LIMIT: Final = 40
REVEAL_REASONS = GROUPS["reveal"]
_ALL: Final = "all"


@pages.route("/negotiations/<id:negotiation_id>/reveal")
@for_bank()
def ask_reveal(negotiation_id: str) -> Response:
    """Asks why names and numbers are needed in full; `field` names the one that is, where it is not all of them."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        require_handed_on(tx, negotiation_id, bank_code=person.bank)
        state = FormState(values={"field": [request.args.get("field", _ALL)]})
        return _reveal_page(negotiation_id).within(tx, state)


def _reveal_page(negotiation_id: str) -> FormPage:
    fields = [(_ALL, translate("全部")), *((each.value, word("masked", each)) for each in Masked)]
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/reveal.html",
        title=translate("查看完整信息"),
        more={
            "fields": fields,
            "reasons": [(code, translate(name)) for code, name in REVEAL_REASONS.items()],
            "limit": WHY_LIMIT,
        },
    )


@pages.route("/negotiations/<id:negotiation_id>/reveal", methods=["POST"])
@for_bank()
def reveal(negotiation_id: str) -> Response | WsgiResponse:
    """A name or number, or all of them, is shown in full for five minutes; the access log says to whom and why."""
    person = current_staff()
    field, reason = request.form.get("field", _ALL), request.form.get("reason", "")
    text = " ".join(request.form.get("text", "").split())
    state = FormState(values={"field": [field], "reason": [reason], "text": [text]})
    state = state.with_faults(_reveal_faults(field, reason, text))
    if not state.sound:
        return _reveal_page(negotiation_id)(state, status=422)
    is_one_too_many = require_fresh_beyond_five(negotiation_id)
    one = None if field == _ALL else Masked(field)
    with face().hub.writing(person.actor) as tx:
        note_reveal(
            tx,
            negotiation_id,
            reason=reason,
            words=text,
            field=one,
            is_one_too_many=is_one_too_many,
            bank_code=person.bank,
        )
    remember(person, negotiation_id, Masked if one is None else [one])
    return redirect(negotiation_address(negotiation_id, "revealed"), 303)


def _reveal_faults(field: str, reason: str, text: str) -> list[Fault]:
    faults = [] if field in {_ALL, *Masked} else [Fault("/field", "required")]
    if reason not in REVEAL_REASONS:
        faults.append(Fault("/reason", "required"))
    if reason == "other" and not text:
        faults.append(Fault("/text", "text_required"))
    if not text.isprintable():
        faults.append(Fault("/text", "text_characters"))
    if len(text) > WHY_LIMIT:
        faults.append(Fault("/text", "text_too_long", {"limit": WHY_LIMIT}))
    return faults


def has_to_say_why(person: Staff, negotiation_id: str) -> bool:
    """Papers and files bear name and number in full: who only looks says why first, as on the page."""
    return person.role not in ACTING and not revealed_until(person, negotiation_id)


@pages.route("/negotiations/<id:negotiation_id>/hide", methods=["POST"])
@for_bank()
def hide(negotiation_id: str) -> WsgiResponse:
    """Names and numbers are masked again at once."""
    forget(current_staff(), negotiation_id)
    return redirect(negotiation_address(negotiation_id), 303)


@pages.route("/negotiations/<id:negotiation_id>/readings")
@for_bank()
def who_read(negotiation_id: str) -> Response:
    """Who of the bank read what of the negotiation."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = list_readings(tx, negotiation_id, bank_code=person.bank)
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
    return page(
        "portal/readings.html",
        title=translate("查看记录"),
        negotiation=head,
        readings=[(each, _reading_words(each)) for each in found],
        back=negotiation_address(negotiation_id),
    )


def _reading_words(reading: Reading) -> str:
    if reading.reason:
        why = f"{translate(REVEAL_REASONS.get(reading.reason, reading.reason))} {reading.words}".strip()
        if reading.field:
            return translate("查看完整的%(what)s：%(why)s", what=word("masked", reading.field), why=why)
        return translate("查看完整信息：%(why)s", why=why)
    head, why = reading_of(reading.what)
    name = word("reading", head)
    return translate("%(what)s：%(why)s", what=name, why=why) if why else name
