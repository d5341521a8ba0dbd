"""`/my/erasure`: what of a person goes when they want it erased, what stays and until when, and one confirmation."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.errors import Fault
from hub.domain.retention import DataClass, KeptFor
from hub.services.erasure import requests
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages import browser_sessions
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("erasure", __name__, url_prefix="/erasure")

ERASED: Final = "/sign-in/?done=erased"
WHAT: Final[Mapping[DataClass, str]] = {
    DataClass.FILES: marked("材料：原件、副本、看过的结果"),
    DataClass.AGREEMENT_FILES: marked("材料：原件、副本、看过的结果"),
    DataClass.APPLICATION: marked("申请、往来的话、方案、文件"),
    DataClass.AGREEMENT: marked("协议、还款记录、往来的话、签过的文件"),
    DataClass.UNSENT: marked("没有填完的申请和表格"),
    DataClass.CHOICES: marked("您的设置"),
    DataClass.BILLS: marked("还款日历里的账单"),
    DataClass.MANDATES: marked("扣款授权和反映过的扣款"),
    DataClass.REQUESTS: marked("停止扣款、反映扣款时和银行的往来；没办完的会结束"),
    DataClass.INSTALMENTS: marked("取消分期、提前结清的申请和往来；没办完的会结束"),
    DataClass.APPOINTMENTS: marked("和银行的预约：时间、地点、见面的结果；没办完的会取消"),
    DataClass.REFERRALS: marked("持牌机构的转介，机构会被告知停止使用"),
    DataClass.SIGN_IN: marked("登录记录；删除后会退出登录"),
}
WHY: Final[Mapping[KeptFor, str]] = {
    KeptFor.AGREEMENT_IN_FORCE: marked("协议还在履行。履行完以后，再按法律保存 10 年"),
    KeptFor.RETENTION: marked("法律要求协议和还款记录保存 10 年"),
    KeptFor.LEGAL_HOLD: marked("法院或监管要求保留，解除以后才能删除"),
}


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """What goes and what stays."""
    return _page(FormState())


def _page(state: FormState) -> Response:
    person, hub = current_cardholder(), face().hub
    with hub.reading(person.actor) as tx:
        plan = requests.plan_for(tx, person, hub.settings.retention)
    return page(
        "my/erasure.html",
        title=translate("删除我的资料"),
        status=200 if state.sound else 422,
        state=state,
        back="/my/",
        goes=[(translate(WHAT[each.what]), each.reference) for each in plan.goes],
        stays=[
            (translate(WHAT[each.what]), each.reference, translate(WHY[each.why]), each.until) for each in plan.stays
        ],
        open_references=plan.open_references,
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
def erase() -> Response:
    """What may go is gone, and the person is signed out; raises `NegotiationOpen`."""
    if request.form.get("erase") != "1":
        return _page(FormState().with_faults([Fault("/erase", "required")]))
    person, hub = current_cardholder(), face().hub
    with hub.writing(person.actor) as tx:
        requests.erase_cardholder(tx, person, hub.settings.retention)
    browser_sessions.end()
    return go(ERASED)
