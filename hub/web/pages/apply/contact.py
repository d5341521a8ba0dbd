"""Who the person is, where that is not known yet, how to reach them, and who helps them."""

from flask import Blueprint, Response, request

from hub.domain import labels
from hub.domain.plain import Plain
from hub.services.reading.cardholder.draft import DraftFile, files_of
from hub.web.pages.apply.draft_body import foreign_mobile_faults
from hub.web.pages.apply.step_pages import judge, keep, merged, reading_draft, step_page, typed_before
from hub.web.pages.apply.steps import CONTACT
from hub.web.pages.formats import own_words
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.application import APPLICATION

blueprint = Blueprint("contact", __name__)

_IDENTITY = ("name", "id_type", "id_number")


@blueprint.route("/contact")
@for_cardholders
def show() -> Response:
    """The questions, with what is known."""
    data, files = _there()
    shown = {name: data[name] for name in ("applicant", "contact", "representative") if name in data}
    if not _asks_identity(data) and "applicant" in shown:
        shown["applicant"] = {"email": shown["applicant"].get("email")}
    return _page(typed_before(CONTACT, data) or filled(shown), data, files)


def _there() -> tuple[Plain, list[DraftFile]]:
    with reading_draft() as (tx, found):
        return found.data, files_of(tx, found.data.get("evidence", []))


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


def _page(state: FormState, data: Plain, files: list[DraftFile]) -> Response:
    return step_page(
        CONTACT,
        state,
        asks_identity=_asks_identity(data),
        identity=identity_of(data),
        can_change_identity=current_cardholder().name is None,
        mobile=current_cardholder().mobile,
        papers=[*((each.id, own_words(each.file_name)) for each in files), ("", translate("没有授权书"))],
        channels=[(code, translate(name)) for code, name in labels.CONTACT_CHANNELS.items()],
    )


@blueprint.route("/contact", methods=["POST"])
@for_cardholders
def save() -> Response:
    """The answers are kept; parts that were left empty are not there."""
    data, files = _there()
    state = read_form(request.form, APPLICATION)
    typed: Plain = state.data["applicant"]
    known = {} if _asks_identity(data) else {name: data["applicant"][name] for name in _kept_names(data)}
    piece: Plain = {
        "applicant": {**known, **{name: typed[name] for name in _taken(data) if name in typed}},
        "contact": _unless_empty(state.data.get("contact")),
        "representative": _unless_empty(state.data.get("representative")),
    }
    judged_piece = {name: value for name, value in piece.items() if value is not None}
    without = {name: value for name, value in data.items() if name not in piece}
    # No page asks for the mobile; whoever sends one all the same is told that it is not theirs.
    state = state.with_faults(foreign_mobile_faults(typed.get("mobile"), current_cardholder()))
    state = judge(CONTACT, state, merged(without, judged_piece))
    return keep(CONTACT, piece) if state.sound else _page(state, data, files)


def _kept_names(data: Plain) -> list[str]:
    return [name for name in _IDENTITY if name in data.get("applicant", {})]


def _taken(data: Plain) -> tuple[str, ...]:
    return (*_IDENTITY, "email") if _asks_identity(data) else ("email",)


def _unless_empty(part: Plain | None) -> Plain | None:
    return part if part and any(part.values()) else None
