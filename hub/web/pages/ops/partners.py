"""`/ops/partners`: licensed lenders that people may be pointed to: listed by name, added, changed, switched off.

Nobody who was referred is named, and no secret is shown: `hub partner renew` makes one.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, request

from hub.domain.plain import to_plain
from hub.domain.referral_partner import HIGHEST_PERCENT, LoanCost, ReferralPartner
from hub.services.reading import referrals as reading
from hub.services.referrals import partners
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import options
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import FormAction, Trouble, carry_out
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.ops.results import KEPT, done_notice
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators
from schemas.referrals import PARTNER, load_partner

pages = Blueprint("partners", __name__)

_HERE: Final = "/ops/partners"
FIELDS: Final = FormFields(
    {
        "code": marked("代码"),
        "name_zh": marked("中文名称"),
        "name_en": marked("英文名称"),
        "licence_no": marked("牌照号码"),
        "kinds": marked("还款方式"),
        "max_annual_percent": marked("年化上限"),
        "example_principal_fen": marked("示例：借多少"),
        "example_cost_fen": marked("示例：利息和费用一共多少"),
        "example_months": marked("示例：借几个月"),
        "url": marked("官方网页"),
        "handover_url": marked("接收转介的地址"),
    },
    chosen=frozenset({"kinds"}),
)


@pages.route("/partners")
@for_operators
def listed() -> Response:
    """Every partner by name, with counts alone."""
    with face().hub.reading(current_staff().actor) as tx:
        found = reading.lines(tx)
    return page("ops/partners.html", title=translate("转介机构"), rows=found, done=done_notice())


@pages.route("/partners/new")
@for_operators
def add() -> Response:
    """The form for a partner."""
    return _form(FormState())


@pages.route("/partners/<code>")
@for_operators
def edit(code: str) -> Response:
    """The form with what the register has."""
    with face().hub.reading(current_staff().actor) as tx:
        kept = partners.get(tx, code)
    plain = to_plain(kept.partner)
    example = {f"example_{name}": value for name, value in plain.pop("example").items()}
    off = {"is_off": True} if kept.off_at else {}
    return _form(filled({**plain, **example, **off}), code=code)


def _form(
    state: FormState,
    *,
    code: str | None = None,
    status: int = 200,
    trouble: Trouble | None = None,
    look: Any = None,  # noqa: ARG001 - the same for a preview
) -> Response:
    return page(
        "ops/partner.html",
        title=translate("添加转介机构") if code is None else translate("修改转介机构"),
        status=status,
        state=replace(state, fields=FIELDS),
        code=code,
        trouble=trouble,
        kinds=options("loan"),
        most=HIGHEST_PERCENT,
        back=_HERE,
    )


def _preview(state: FormState, *, status: int = 200, trouble: Trouble | None = None, look: Any = None) -> Response:  # noqa: ARG001
    partner, costs, changed = look
    return page(
        "ops/partner_check.html",
        title=translate("核对转介机构"),
        status=status,
        partner=partner,
        costs=costs,
        changed=[translate(FIELDS.names[each]) for each in changed if each in FIELDS.names],
        is_off=state.has("is_off", "1"),
        kept=_kept(state.values),
        address=request.path,
        back=_HERE,
    )


def _kept(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, each) for name, typed in values.items() if name not in ("step", "csrf_token") for each in typed]


@pages.route("/partners/new", methods=["POST"])
@for_operators
def keep_new() -> Response:
    """The partner stands in the register; shown first with what its example costs. It needs a secret then."""
    return _kept_partner(None)


@pages.route("/partners/<code>", methods=["POST"])
@for_operators
def change(code: str) -> Response:
    """The partner is what was typed, and on or off as ticked; shown first with what changes."""
    with face().hub.reading(current_staff().actor) as tx:
        partners.get(tx, code)
    return _kept_partner(code)


def _kept_partner(code: str | None) -> Response:
    hub, is_off = face().hub, request.form.get("is_off") == "1"
    state = read_form(request.form, PARTNER)
    data = state.data if code is None else {**state.data, "code": code}
    read, faults = load_partner(data)
    if read is not None:
        faults = [*faults, *partners.address_faults(hub.http, hub.reach.refuses, read)]

    def keep(tx: HubTransaction) -> tuple[ReferralPartner, tuple[LoanCost, ...], list[str]]:
        if read is None:
            raise ValueError("a form with faults keeps nothing")
        changed = [] if code is None else [*partners.change(tx, read)]
        if code is None:
            partners.add(tx, read)
        partners.switch(tx, read.code, is_off=is_off)
        return read, read.costs(first_day=face().today), _with_example(changed)

    def do(tx: HubTransaction) -> str:
        keep(tx)
        return f"{_HERE}?done={KEPT}"

    form = partial(_form, code=code)
    return carry_out(
        current_staff(), FormAction(effect=do, look=keep), state.with_faults(faults), form=form, preview=_preview
    )


def _with_example(changed: list[str]) -> list[str]:
    """The names of the form for what changed: an example is three fields."""
    named = [each for each in FIELDS.names if each.startswith("example_")]
    return [name for each in changed for name in (named if each == "example" else [each])]
