"""Looking at the files of a case: pages as pictures beside what the person declared, and what a clerk says of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.china import CHINA
from hub.domain.evidenced_figures import is_about
from hub.domain.staff import ACTING, Role
from hub.services.accounts.staff import Staff
from hub.services.evidence import checks
from hub.services.negotiations import evidenced_figures
from hub.services.reading.bank import evidence as reading
from hub.services.reading.bank.affordability import affordability
from hub.services.reading.bank.evidence import ViewedFile, look_at
from hub.services.reading.bank.heading import heading
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import shown_in_place, thumbnail
from hub.web.pages.display_names import word
from hub.web.pages.form_actions import FormAction, Trouble, carry_out
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.doubts import with_sentences
from hub.web.pages.portal.form_fields import OF_TEMPLATE
from hub.web.pages.portal.form_pages import negotiation_address
from hub.web.pages.portal.reveals import has_to_say_why
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_bank
from schemas.evidence_checks import EVIDENCE_CHECK, EVIDENCED_FIGURE, load_check, load_figure

_TEMPLATE: Final = "portal/evidence.html"
_FIGURES_TEMPLATE: Final = "portal/figures.html"
# Of which the browser asks again while pages are drawn.
_AGAIN_AFTER_S: Final = "3"
ZOOMS: Final = ("fit", "100", "200")
_TURNS: Final = ("0", "90", "180", "270")
_DONE = {
    "checked": marked("已记下：核对无误。"),
    "doubtful": marked("已记下：存疑。客户看不到这句话。"),
    "figure": marked("已记下材料显示的金额。"),
    "taken_back": marked("已撤回，这一项又按客户填写的金额计算。"),
}


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/view")
@for_bank()
def view_file(negotiation_id: str, evidence_id: str) -> Response | WsgiResponse:
    """A page of the file as a picture; the look is on record, once a person and day."""
    if has_to_say_why(current_staff(), negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    return _view_page(negotiation_id, evidence_id, FormState())


def _view_page(
    negotiation_id: str, evidence_id: str, state: FormState, *, status: int = 200, trouble: Trouble | None = None
) -> Response:
    person = current_staff()
    with face().hub.writing(person.actor) as tx:
        found = look_at(tx, negotiation_id, evidence_id, number=_asked_page(), bank_code=person.bank)
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
        month = affordability(tx, negotiation_id, bank_code=person.bank)
        now = tx.now
    about = [each for each in month.comparison.lines if is_about(found.file.kind, each.line)]
    response = page(
        _TEMPLATE,
        title=word("evidence", found.file.kind),
        status=status,
        state=_with_fields(_filled(state, found), _TEMPLATE),
        trouble=trouble,
        negotiation=head,
        found=found,
        month=month,
        about=about,
        others=[each for each in month.comparison.lines if each not in about],
        doubts=with_sentences(found.doubts),
        acts=person.role in ACTING,
        may_have_original=person.role == Role.SUPERVISOR,
        zoom=_one_of("zoom", ZOOMS),
        turn=int(_one_of("turn", _TURNS)),
        mark=_watermark(person, now),
        done=_DONE.get(request.args.get("done", "")),
        back=negotiation_address(negotiation_id),
    )
    if found.is_waiting:
        response.headers["Refresh"] = _AGAIN_AFTER_S
    return response


def _with_fields(state: FormState, template: str) -> FormState:
    return FormState(values=state.values, faults=state.faults, data=state.data, fields=OF_TEMPLATE[template])


def _filled(state: FormState, found: ViewedFile) -> FormState:
    """The form with the recognised amount in it that was pressed; whoever came back to the form keeps what they had."""
    asked = request.args.get("recognised", "")
    if state.values or not (asked.isascii() and asked.isdigit() and 0 < int(asked[:6]) <= len(found.recognised)):
        return state
    amount_fen = found.recognised[int(asked[:6]) - 1].amount_fen
    return FormState(values={"amount_fen": [f"{amount_fen // 100}.{amount_fen % 100:02d}"]})


def _asked_page() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _one_of(name: str, choices: tuple[str, ...]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in choices else choices[0]


def _watermark(person: Staff, now: datetime) -> str:
    return f"{person.email} {now.astimezone(CHINA):%Y-%m-%d %H:%M}"


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/pages/<int:number>")
@for_bank()
def page_of_file(negotiation_id: str, evidence_id: str, number: int) -> Response | WsgiResponse:
    """The picture of a page, as a JPEG of the hub's own making."""
    person, hub = current_staff(), face().hub
    if has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with hub.writing(person.actor) as tx:
        content = reading.page_content(tx, hub.store, negotiation_id, evidence_id, number, bank_code=person.bank)
    return shown_in_place(content)


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/thumbnail")
@for_bank()
def small_picture(negotiation_id: str, evidence_id: str) -> Response | WsgiResponse:
    """The file as a small picture, for the page of its case."""
    person = current_staff()
    if has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with face().hub.reading(person.actor) as tx:
        found = reading.thumbnail(tx, negotiation_id, evidence_id, bank_code=person.bank)
    return thumbnail(found)


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/checks", methods=["POST"])
@for_bank(*ACTING)
def check_file(negotiation_id: str, evidence_id: str) -> Response:
    """The file is checked, or doubtful with words for colleagues."""
    person = current_staff()
    state = read_form(request.form, EVIDENCE_CHECK)
    read = load_check(state.data)

    def do(tx: HubTransaction) -> str:
        said = read.value_or_refuse()
        checks.check(tx, negotiation_id, evidence_id, said, bank_code=person.bank)
        return _view_address(negotiation_id, evidence_id, said.verdict)

    return carry_out(
        person,
        FormAction(effect=do),
        state.with_faults(read.faults),
        form=_FormPage(_view_page, negotiation_id, evidence_id),
    )


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/figures", methods=["POST"])
@for_bank(*ACTING)
def read_figure_in_file(negotiation_id: str, evidence_id: str) -> Response:
    """What this file shows for a line of the month is noted."""
    person = current_staff()
    form = MultiDict([*request.form.items(multi=True), ("evidence_id", evidence_id)])
    state = read_form(form, EVIDENCED_FIGURE)
    read = load_figure(state.data)

    def do(tx: HubTransaction) -> str:
        evidenced_figures.record(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return _view_address(negotiation_id, evidence_id, "figure")

    return carry_out(
        person,
        FormAction(effect=do),
        state.with_faults(read.faults),
        form=_FormPage(_view_page, negotiation_id, evidence_id),
    )


class _FormPage:
    """A page that `show` makes of those ids, to which its forms come back."""

    def __init__(self, show: Callable[..., Response], *ids: str) -> None:
        self._show, self._ids = show, ids

    def __call__(
        self,
        state: FormState,
        *,
        status: int = 200,
        trouble: Trouble | None = None,
        look: Any = None,  # noqa: ARG002 - nothing of a file is shown before it is sent
    ) -> Response:
        return self._show(*self._ids, state, status=status, trouble=trouble)


def _view_address(negotiation_id: str, evidence_id: str, done: str) -> str:
    return f"{negotiation_address(negotiation_id)}/evidence/{evidence_id}/view?page={_asked_page()}&done={done}"


@pages.route("/negotiations/<id:negotiation_id>/figures")
@for_bank()
def show_figures(negotiation_id: str) -> Response:
    """The person's month line by line: declared, by the papers, and the difference."""
    asked = request.args.get("line", "")
    return _figures_page(negotiation_id, FormState(values={"line": [asked]} if asked else {}))


def _figures_page(
    negotiation_id: str, state: FormState, *, status: int = 200, trouble: Trouble | None = None
) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
        month = affordability(tx, negotiation_id, bank_code=person.bank)
        files = reading.list_case_files(tx, negotiation_id, bank_code=person.bank)
    return page(
        _FIGURES_TEMPLATE,
        title=translate("材料显示的金额"),
        status=status,
        state=_with_fields(state, _FIGURES_TEMPLATE),
        trouble=trouble,
        negotiation=head,
        month=month,
        files={each.id: each for each in files},
        acts=person.role in ACTING,
        done=_DONE.get(request.args.get("done", "")),
        back=negotiation_address(negotiation_id),
    )


@pages.route("/negotiations/<id:negotiation_id>/figures", methods=["POST"])
@for_bank(*ACTING)
def read_figure(negotiation_id: str) -> Response:
    """What papers show for a line is noted, or no longer counts."""
    person = current_staff()
    address = f"{negotiation_address(negotiation_id)}/figures"
    is_taken_back = request.form.get("do") == "take_back"
    state = FormState() if is_taken_back else read_form(request.form, EVIDENCED_FIGURE)
    read = None if is_taken_back else load_figure(state.data)

    def do(tx: HubTransaction) -> str:
        if read is None:
            evidenced_figures.take_back(tx, negotiation_id, request.form.get("line", ""), bank_code=person.bank)
            return f"{address}?done=taken_back"
        evidenced_figures.record(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return f"{address}?done=figure"

    state = state if read is None else state.with_faults(read.faults)
    return carry_out(person, FormAction(effect=do), state, form=_FormPage(_figures_page, negotiation_id))
