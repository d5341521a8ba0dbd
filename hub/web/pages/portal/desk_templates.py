"""`/portal/replies` and `/portal/offer-templates`: the words and plans that a bank's people begin with, in versions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import marshmallow
from flask import Response, request

from hub.domain.canned_reply import Gap, ReplyUse
from hub.domain.errors import Refused
from hub.domain.plain import to_plain
from hub.domain.staff import Role
from hub.domain.terms import FIELDS_BY_KIND, Kind
from hub.services.negotiations import desk_templates
from hub.services.negotiations.desk_templates import ChangedMeanwhile
from hub.services.reading.bank.people import names_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.field_names import NAMES, FormFields
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_staff, for_bank
from schemas.base import Read
from schemas.desk_templates import OFFER_TEMPLATE, REPLY, load_offer_template, load_reply

EDITING: Final = (Role.SUPERVISOR, Role.BANK_ADMIN)
"""Who changes the words and plans that all of a bank's people use."""

USES: Final[Mapping[ReplyUse, str]] = {
    ReplyUse.MESSAGE: marked("给客户的消息"),
    ReplyUse.EVIDENCE_REQUEST: marked("请客户补充材料"),
    ReplyUse.REJECTION: marked("不予同意"),
}
WAIVED: Final = {
    "interest": marked("减免利息（占欠款的 %）"),
    "penalty": marked("减免违约金（占欠款的 %）"),
    "fees": marked("减免费用（占欠款的 %）"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateForms:
    """The pages of one sort of templates: where they are, what their form holds, and what reads and keeps it."""

    address: str
    template: str
    title: str
    new_title: str
    first: Mapping[str, Sequence[str]]
    fields: FormFields
    schema: marshmallow.Schema
    load: Callable[[object], Read[Any]]
    versions: Callable[[HubTransaction, str, str], list[Any]]
    save: Callable[..., str]
    shown: Callable[[Any], Mapping[str, Any]] = to_plain

    def page(self, template_id: str | None, state: FormState, *, status: int = 200, meanwhile: Any = None) -> Response:
        """The form of one template, or of a new one, with its versions; raises `NotFound`."""
        person = current_staff()
        with face().hub.reading(person.actor) as tx:
            versions = [] if template_id is None else self.versions(tx, person.bank, template_id)
            names = names_of(tx, person.bank)
            left = left_at(tx, request.path) if request.method == "GET" else None
        if left is not None:
            state = left
        elif not state.values:
            state = filled(self.shown(versions[0].value)) if versions else FormState(values=self.first)
        newest = versions[0].number if versions else 0
        return page(
            self.template,
            title=translate(self.title if versions else self.new_title),
            status=status,
            state=replace(state, fields=self.fields),
            versions=[(each, names.get(each.changed_by, "")) for each in versions],
            seen=newest if meanwhile is not None or left is not None else state.value("seen", str(newest)),
            meanwhile=None if meanwhile is None else (meanwhile, names.get(meanwhile.changed_by, "")),
            edits=person.role in EDITING,
            draft=left,
            back=self.address,
            **_choices(),
        )

    def kept(self, template_id: str | None) -> Response:
        """The template is as the form says; or the form comes back with what is wrong, or with who was faster."""
        person = current_staff()
        state = read_form(request.form, self.schema)
        read = self.load(state.data)
        state = state.with_faults(read.faults)
        value, seen = read.value, request.form.get("seen", "")
        if value is None or not state.sound:
            return self.page(template_id, state, status=422)

        def do(tx: HubTransaction) -> str:
            number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
            number = 0 if template_id is None else number
            self.save(tx, person.bank, value, template_id=template_id, seen=number)
            return f"{self.address}?done=1"

        try:
            return do_once(person, do)
        except ChangedMeanwhile as error:
            return self.page(template_id, state, status=409, meanwhile=error.version)
        except Refused as error:
            return self.page(template_id, state.with_faults(error.faults), status=422)


def _choices() -> dict[str, Any]:
    return {
        "gaps": [f"{{{each}}}" for each in Gap],
        "uses": [(str(use), translate(name)) for use, name in USES.items()],
        "kinds": list(Kind),
        "waived": [(name, translate(label)) for name, label in WAIVED.items()],
    }


def _shown_offer(value: Any) -> Mapping[str, Any]:
    plain: dict[str, Any] = to_plain(value)
    return {**plain, **{f"waived_{name}": percent for name, percent in plain.pop("waived_percent").items()}}


_REPLIES: Final = TemplateForms(
    address="/portal/replies",
    template="portal/reply.html",
    title=marked("常用话术"),
    new_title=marked("新的常用话术"),
    first={"is_on": ["1"], "use": [ReplyUse.MESSAGE]},
    fields=FormFields(
        {"name": marked("名称"), "use": marked("用在哪里"), "text": marked("中文"), "text_en": marked("英文")},
        chosen=frozenset({"use"}),
    ),
    schema=REPLY,
    load=load_reply,
    versions=desk_templates.reply_versions,
    save=desk_templates.save_reply,
)
_OFFERS: Final = TemplateForms(
    address="/portal/offer-templates",
    template="portal/offer-template.html",
    title=marked("方案模板"),
    new_title=marked("新的方案模板"),
    first={"is_on": ["1"], "kind": [Kind.INSTALMENTS]},
    fields=FormFields(
        {
            "name": marked("名称"),
            "kind": marked("方案种类"),
            "instalments": marked("期数"),
            "months": NAMES["terms.months"],
            "annual_rate_percent": NAMES["terms.annual_rate_percent"],
            "minimum_percent": marked("最低还款比例"),
            "method": marked("还款方式"),
            **{f"waived_{name}": label for name, label in WAIVED.items()},
            "most_owed_fen": marked("只用于欠款不超过"),
            "note": marked("给客户的说明"),
        },
        chosen=frozenset({"kind", "method"}),
    ),
    schema=OFFER_TEMPLATE,
    load=load_offer_template,
    versions=desk_templates.offer_template_versions,
    save=desk_templates.save_offer_template,
    shown=_shown_offer,
)


@pages.route("/replies")
@for_bank()
def list_replies() -> Response:
    """The bank's replies by what they are for, those that are off too."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, names = desk_templates.replies(tx, person.bank), names_of(tx, person.bank)
    return page(
        "portal/replies.html",
        title=translate("常用话术"),
        groups=[
            (translate(name), [(each, names.get(each.changed_by, "")) for each in found if each.value.use is use])
            for use, name in USES.items()
        ],
        edits=person.role in EDITING,
        done=request.args.get("done") == "1",
    )


@pages.route("/replies/new")
@for_bank(*EDITING)
def new_reply() -> Response:
    """Asks for a reply."""
    return _REPLIES.page(None, FormState())


@pages.route("/replies/new", methods=["POST"])
@for_bank(*EDITING)
@keeps_unfinished
def add_reply() -> Response:
    """The bank has one more reply."""
    return _REPLIES.kept(None)


@pages.route("/replies/<template_id>")
@for_bank()
def show_reply(template_id: str) -> Response:
    """One reply with its versions, and its form for whoever may change it."""
    return _REPLIES.page(template_id, FormState())


@pages.route("/replies/<template_id>", methods=["POST"])
@for_bank(*EDITING)
@keeps_unfinished
def change_reply(template_id: str) -> Response:
    """The reply has one more version."""
    return _REPLIES.kept(template_id)


@pages.route("/offer-templates")
@for_bank()
def list_offer_templates() -> Response:
    """The bank's templates of offers, those that are off too."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, names = desk_templates.offer_templates(tx, person.bank), names_of(tx, person.bank)
    return page(
        "portal/offer-templates.html",
        title=translate("方案模板"),
        templates=[(each, names.get(each.changed_by, "")) for each in found],
        edits=person.role in EDITING,
        done=request.args.get("done") == "1",
        taken=FIELDS_BY_KIND,
    )


@pages.route("/offer-templates/new")
@for_bank(*EDITING)
def new_offer_template() -> Response:
    """Asks for a template."""
    return _OFFERS.page(None, FormState())


@pages.route("/offer-templates/new", methods=["POST"])
@for_bank(*EDITING)
@keeps_unfinished
def add_offer_template() -> Response:
    """The bank has one more template of offers."""
    return _OFFERS.kept(None)


@pages.route("/offer-templates/<template_id>")
@for_bank()
def show_offer_template(template_id: str) -> Response:
    """One template with its versions, and its form for whoever may change it."""
    return _OFFERS.page(template_id, FormState())


@pages.route("/offer-templates/<template_id>", methods=["POST"])
@for_bank(*EDITING)
@keeps_unfinished
def change_offer_template(template_id: str) -> Response:
    """The template has one more version."""
    return _OFFERS.kept(template_id)
