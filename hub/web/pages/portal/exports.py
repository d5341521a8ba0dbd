"""`/portal/exports`: tables to take out of the hub, asked for, looked at by a second person, and taken as files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from flask import Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.errors import Fault, NotAllowed
from hub.domain.export import (
    KEPT,
    MAY_ASK,
    MAY_ASK_IN_FULL,
    MOST_PEOPLE_IN_FULL,
    REASON_LIMIT,
    ExportFormat,
    ExportKind,
    ExportOrder,
    ExportStatus,
)
from hub.domain.export_fields import FIELDS
from hub.domain.plain import to_plain
from hub.services.exports import ordering
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import download
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.portal import answers, audit, followed_agreements
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank

KINDS: Final[Mapping[ExportKind, str]] = {
    ExportKind.QUEUE: marked("待办队列"),
    ExportKind.AGREEMENTS: marked("履约跟踪"),
    ExportKind.ANSWERS: marked("答复明细"),
    ExportKind.AUDIT: marked("审计记录"),
}
STATUSES: Final[Mapping[ExportStatus, str]] = {
    ExportStatus.AWAITING_APPROVAL: marked("等待同意"),
    ExportStatus.WAITING: marked("正在生成"),
    ExportStatus.READY: marked("可以下载"),
    ExportStatus.RETURNED: marked("没有同意"),
    ExportStatus.FAILED: marked("没有生成"),
    ExportStatus.EXPIRED: marked("已到期删除"),
}
_FAULTS: Final = {
    "too_many_rows": marked("行数太多，请缩小范围再导出。"),
    "given_up": marked("多次尝试都没有成功，请联系平台运营。"),
}
_PAGE_LENGTH: Final = 30
_FRESH_S: Final = 3
Given = MultiDict[str, str]


def _queue(given: Given) -> dict[str, Any]:
    return {name: given.getlist(name) for name in given if name != "case"}


def _agreements(given: Given) -> dict[str, Any]:
    tab, ended_for = followed_agreements.asked_for(given)
    return {"tab": str(tab), **({} if ended_for is None else {"ended": str(ended_for)})}


def _answers(given: Given) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(answers.asked_for(given))
    return plain


def _audit(given: Given) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(audit.question_of(given))
    return plain


_WHICH: Final[Mapping[ExportKind, Callable[[Given], dict[str, Any]]]] = {
    ExportKind.QUEUE: _queue,
    ExportKind.AGREEMENTS: _agreements,
    ExportKind.ANSWERS: _answers,
    ExportKind.AUDIT: _audit,
}


@pages.route("/exports")
@for_bank()
def exports() -> Response:
    """The exports, the newest first, and ways to ask for one."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        after = request.args.get("after") or None
        found, next_id = ordering.list_exports(tx, person, after=after, limit=_PAGE_LENGTH)
    return page(
        "portal/exports.html",
        title=translate("导出"),
        rows=found,
        kinds=KINDS,
        statuses=STATUSES,
        may_ask=[(kind, translate(name)) for kind, name in KINDS.items() if person.role in MAY_ASK[kind]],
        days=KEPT.days,
        next=f"/portal/exports?after={next_id}" if next_id else "",
        first="/portal/exports" if after else "",
    )


@pages.route("/exports/new")
@for_bank()
def new_export() -> Response:
    """Asks which columns, how written, and whether people are named in full; the rows are those of the list before."""
    kind = _kind(request.args.get("kind", ""))
    given = [(name, text) for name, text in request.args.items(multi=True) if name not in ("kind", "cursor", "limit")]
    return _form(kind, urlencode(given), FormState())


@pages.route("/exports/new", methods=["POST"])
@for_bank()
def ask_export() -> Response:
    """The export is asked for, by somebody who has just proved who they are."""
    person = current_staff()
    kind, query = _kind(request.form.get("kind", "")), request.form.get("query", "")
    require_fresh_sign_in()
    given = _given(query)
    names = ("fields", "format", "extent", "reason")
    state = FormState(values={name: request.form.getlist(name) for name in names})
    form = request.form.get("format", "")
    order = None
    if form in set(ExportFormat):
        order = ExportOrder(
            kind=kind,
            format=ExportFormat(form),
            fields=tuple(request.form.getlist("fields")),
            which=_WHICH[kind](given),
            ids=_chosen(kind, given),
            in_full=request.form.get("extent") == "in_full",
            reason=" ".join(request.form.get("reason", "").split()),
        )
    else:
        state = state.with_faults([Fault("/format", "required")])

    def effect(tx: HubTransaction, value: ExportOrder) -> str:
        return f"/portal/exports/{ordering.ask(tx, person, value)}"

    return send_once(person, state, order, effect, form=lambda state: _form(kind, query, state, status=422))


def _given(query: str) -> Given:
    return MultiDict((name, text) for name, texts in parse_qs(query).items() for text in texts)


def _chosen(kind: ExportKind, given: Given) -> tuple[str, ...]:
    """The cases that were chosen one by one: the queue's list ticks them as `case`."""
    return tuple(dict.fromkeys(given.getlist("case"))) if kind is ExportKind.QUEUE else ()


def _kind(asked: str) -> ExportKind:
    """The kind of that name, where the person may have it."""
    kind = ExportKind(asked) if asked in KINDS else ExportKind.QUEUE
    if current_staff().role not in MAY_ASK[kind]:
        raise NotAllowed(" or ".join(sorted(MAY_ASK[kind])))
    return kind


def _form(kind: ExportKind, query: str, state: FormState, *, status: int = 200) -> Response:
    may_have_full = current_staff().role in MAY_ASK_IN_FULL and kind is not ExportKind.AUDIT
    fields = FIELDS[kind]
    if not state.values:
        state = FormState(values={"fields": [each.name for each in fields], "format": ["xlsx"], "extent": ["masked"]})
    return page(
        "portal/export-new.html",
        title=translate("导出：%(what)s", what=translate(KINDS[kind])),
        status=status,
        state=state,
        kind=kind,
        query=query,
        chosen=len(_chosen(kind, _given(query))),
        fields=[(each.name, translate(each.label_zh)) for each in fields],
        formats=[("xlsx", translate("Excel 表格（XLSX）")), ("csv", "CSV")],
        may_have_full=may_have_full,
        days=KEPT.days,
        most_in_full=MOST_PEOPLE_IN_FULL,
        limit=REASON_LIMIT,
        back="/portal/exports",
    )


@pages.route("/exports/<id:export_id>")
@for_bank()
def export(export_id: str) -> Response:
    """One export; while it is being made the page comes again by itself."""
    return _one(export_id, FormState())


def _one(export_id: str, state: FormState, *, status: int = 200) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        shown = ordering.get(tx, person, export_id)
    response = page(
        "portal/export.html",
        title=translate("导出：%(what)s", what=translate(KINDS[shown.order.kind])),
        status=status,
        state=state,
        export=shown,
        fields=_field_names(shown.order),
        status_name=translate(STATUSES[shown.status]),
        fault=translate(_FAULTS[shown.fault]) if shown.fault in _FAULTS else "",
        back="/portal/exports",
    )
    if shown.status is ExportStatus.WAITING:
        response.headers["Refresh"] = str(_FRESH_S)
    return response


def _field_names(order: ExportOrder) -> Sequence[str]:
    return [translate(each.label_zh) for each in FIELDS[order.kind] if each.name in order.fields]


@pages.route("/exports/<id:export_id>/decision", methods=["POST"])
@for_bank()
def decide_export(export_id: str) -> Response:
    """A second person has said yes or no, after proving who they are."""
    person = current_staff()
    require_fresh_sign_in()
    text = request.form.get("text", "").strip()
    approves = request.form.get("do") == "approve"

    def effect(tx: HubTransaction, words: str) -> str:
        ordering.decide(tx, person, export_id, approves=approves, text=words)
        return f"/portal/exports/{export_id}"

    state = FormState(values={"text": [text]})
    return send_once(person, state, text, effect, form=lambda state: _one(export_id, state, status=422))


@pages.route("/exports/<id:export_id>/file", methods=["POST"])
@for_bank()
def take_export(export_id: str) -> Response:
    """The file, to be saved; each time it is in the audit, and one in full asks first who it is."""
    person, hub = current_staff(), face().hub
    with hub.reading(person.actor) as tx:
        in_full = ordering.get(tx, person, export_id).order.in_full
    if in_full:
        require_fresh_sign_in()
    with hub.writing(person.actor) as tx:
        content = ordering.take(tx, hub.store, person, export_id)
    return download(content)
