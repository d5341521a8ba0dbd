"""Who the person is, where that is not known yet, how to reach them, who helps them, and what they consent to."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from hub.domain import labels
from hub.domain.plain import Plain
from hub.services.reading.cardholder.draft import DraftFile, files_of
from hub.web.pages.apply.consents import Asked, Banks, asked_of, at_its_tick, banks_of, given_in, read_consents
from hub.web.pages.apply.draft_body import bank_codes_of, foreign_mobile_faults, judged
from hub.web.pages.apply.step_pages import keep, merged, reading_draft, step_page, typed_before
from hub.web.pages.apply.steps import CARDS, CONTACT
from hub.web.pages.formats import own_words
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.rendering import go
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.application import APPLICATION

blueprint = Blueprint("contact", __name__)

_IDENTITY = ("name", "id_type", "id_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """What the page needs of the hub: the draft's data, its files and its banks."""

    data: Plain
    files: list[DraftFile]
    banks: Banks

    @property
    def asked(self) -> list[Asked]:
        """The consents that it asks for."""
        return asked_of(self.data, self.banks)


@blueprint.route("/contact")
@for_cardholders
def show() -> Response:
    """The questions, with what is known; every consent in full, ticked where it was given."""
    there = _there()
    data = there.data
    if not bank_codes_of(data):
        return go(CARDS.address)
    shown = {name: data[name] for name in ("applicant", "contact", "representative") if name in data}
    if not _asks_identity(data) and "applicant" in shown:
        shown["applicant"] = {"email": shown["applicant"].get("email")}
    known = filled(shown)
    known = replace(known, values={**known.values, **given_in(data)})
    return _page(typed_before(CONTACT, data) or known, there)


def _there() -> _There:
    with reading_draft() as (tx, found):
        data = found.data
        return _There(data=data, files=files_of(tx, data.get("evidence", [])), banks=banks_of(tx, data))


def _asks_identity(data: Plain) -> bool:
    """Whether name and document have to be typed: not where a host app vouched for them or they are there."""
    if current_cardholder().name is not None:
        return False
    has_all = all(name in data.get("applicant", {}) for name in _IDENTITY)
    return not has_all or request.args.get("identity") == "again"


def identity_of(data: Plain) -> Plain:
    """Name, type and number of the person's document, as far as they are known."""
    person = current_cardholder()
    if person.name is not None:
        return {name: getattr(person, name) for name in _IDENTITY}
    return {name: data.get("applicant", {}).get(name) for name in _IDENTITY}


def _page(state: FormState, there: _There) -> Response:
    return step_page(
        CONTACT,
        replace(state, bank_names=there.banks.names),
        asks_identity=_asks_identity(there.data),
        identity=identity_of(there.data),
        can_change_identity=current_cardholder().name is None,
        mobile=current_cardholder().mobile,
        papers=[*((each.id, own_words(each.file_name)) for each in there.files), ("", translate("没有授权书"))],
        channels=[(code, translate(name)) for code, name in labels.CONTACT_CHANNELS.items()],
        asked=there.asked,
    )


@blueprint.route("/contact", methods=["POST"])
@for_cardholders
@keeps_unfinished
def save() -> Response:
    """The answers are kept; parts that were left empty are not there."""
    there = _there()
    data, person = there.data, current_cardholder()
    if not bank_codes_of(data):
        return go(CARDS.address)
    state = read_form(request.form, APPLICATION)
    typed: Plain = state.data["applicant"]
    known = {} if _asks_identity(data) else {name: data["applicant"][name] for name in _kept_names(data)}
    piece: Plain = {
        "applicant": {**known, **{name: typed[name] for name in _taken(data) if name in typed}},
        "contact": _unless_empty(state.data.get("contact")),
        "representative": _unless_empty(state.data.get("representative")),
        **read_consents(data, there.asked),
    }
    # No page asks for the mobile; whoever sends one all the same is told that it is not theirs.
    state = state.with_faults(foreign_mobile_faults(typed.get("mobile"), person))
    found = CONTACT.faults(judged(merged(data, piece), person).faults)
    state = state.with_faults(at_its_tick(each) for each in found)
    return keep(CONTACT, piece) if state.sound else _page(state, there)


def _kept_names(data: Plain) -> list[str]:
    return [name for name in _IDENTITY if name in data.get("applicant", {})]


def _taken(data: Plain) -> tuple[str, ...]:
    return (*_IDENTITY, "email") if _asks_identity(data) else ("email",)


def _unless_empty(part: Plain | None) -> Plain | None:
    return part if part and any(part.values()) else None
