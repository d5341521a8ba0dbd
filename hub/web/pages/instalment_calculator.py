"""`/calculator/instalments`: what ending an instalment deal early comes to, for everybody.

What was typed is in the answer alone: no session, cookie, draft, row or log line has any of it, nor has the address.
"""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.actor import HUB
from hub.domain.instalment_estimate import estimate
from hub.services.instalments import estimates
from hub.services.reading.directory import ListedBank, list_banks
from hub.web.access import face, public
from hub.web.catalogue import marked
from hub.web.limits import CALCULATIONS, caller_address
from hub.web.pages.display_names import options
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import takes_any_form
from schemas.instalment_estimates import INSTALMENT_ESTIMATE, EstimateQuestion, load_estimate

pages = Blueprint("instalment_calculator", __name__)

DEAL_FIELDS: Final = {
    "deal.kind": marked("分期的种类"),
    "deal.principal_fen": marked("分期的本金"),
    "deal.terms": marked("一共分几期"),
    "deal.paid_terms": marked("已经还了几期"),
    "deal.first_posted_on": marked("首期的日期"),
    "deal.fee_mode": marked("怎样收费"),
    "deal.fee_fen": marked("手续费"),
    "deal.annual_percent": marked("年利率"),
}
"""The fields of a deal, as every form calls them."""
WISH_FIELDS: Final = {
    "kind": marked("想怎样办理"),
    "wanted_on": marked("希望哪一天办理"),
    "merchant_refund_fen": marked("商户退款的金额"),
    "terms_left": marked("还想留几期"),
}
"""The fields of what is asked of a deal."""
CHOSEN: Final = frozenset({"deal.kind", "deal.fee_mode", "kind"})
_FIELDS: Final = FormFields({**WISH_FIELDS, **DEAL_FIELDS, "bank_code": marked("银行")}, chosen=CHOSEN)


@pages.route("/calculator/instalments")
@public
def begin() -> Response:
    """The form."""
    with face().hub.reading(HUB) as tx:
        return _page(FormState(fields=_FIELDS), None, list_banks(tx))


@pages.route("/calculator/instalments", methods=["POST"])
@takes_any_form
@public
def calculate() -> Response:
    """The estimate above the form, or the form with what is wrong; any form will do, since nothing but sums is done."""
    face().limits.count_from_lease(CALCULATIONS, caller_address())
    with face().hub.reading(HUB) as tx:
        banks, known = list_banks(tx), estimates.reckonings(tx)
    state = replace(read_form(request.form, INSTALMENT_ESTIMATE), fields=_FIELDS)
    read = load_estimate(state.data, today=face().today, reckonings=known)
    state = state.with_faults(read.faults)
    return _page(state, read.value if state.sound else None, banks)


def _page(state: FormState, question: EstimateQuestion | None, banks: list[ListedBank]) -> Response:
    language = page_language()
    return page(
        "instalment-calculator.html",
        title=translate("算一算：取消分期或提前结清要还多少"),
        state=state,
        question=question,
        estimate=None if question is None else estimate(question.deal, question.wish, question.reckoning),
        is_overdue=any(each.code == "overdue" for each in state.faults),
        banks=[(bank.code, bank.name(language)) for bank in banks],
        deal_kinds=options("instalment_deal"),
        fee_modes=options("fee_mode"),
        kinds=options("cancellation"),
    )
