"""`/portal/instalments/…`: requests about instalment deals; quoted beside the hub's own figures, refused, or posted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.errors import StatusConflict
from hub.domain.instalment_quote import LEAST_VALID_DAYS, MOST_VALID_DAYS, next_day_of
from hub.domain.instalment_request import InstalmentEvent
from hub.domain.service_request import RequestKind
from hub.domain.staff import ACTING
from hub.services.instalments import matters, quoting
from hub.services.reading.bank import instalments as requests
from hub.services.reading.bank.instalments import BankRequest
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import options
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import FormAction, Trouble, carry_out
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.request_desk import WHY_FIELDS, desk_of, reveal
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_staff, for_bank
from schemas.base import Read
from schemas.instalments import POSTING, QUOTE, REFUSAL, load_posting, load_quote, load_refusal

_HERE: Final = "/portal/instalments"
_QUOTE_FIELDS: Final = FormFields(
    {
        "as_of": marked("按哪一天计算"),
        "remaining_principal_fen": marked("剩余本金"),
        "interest_to_date_fen": marked("截至当日的利息或手续费"),
        "fees_due_fen": marked("已到期未付的费用"),
        "other_fen": marked("其他"),
        "fees_refunded_fen": marked("退回的手续费"),
        "pay_fen": marked("一共要还"),
        "valid_until": marked("报价有效至"),
        "pay_by": marked("最晚还款日"),
        "basis": marked("怎样计算的"),
    }
)
_REFUSAL_FIELDS: Final = FormFields(
    {"reason_code": marked("原因"), "text": marked("要写给客户的话")}, chosen=frozenset({"reason_code"})
)
_POSTING_FIELDS: Final = FormFields({"paid_on": marked("还款到账的日子"), "deal_no": marked("分期编号")})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """The page of one form about one request, for what can happen to it now."""

    request_id: str
    event: InstalmentEvent
    below: str
    title: str
    fields: FormFields
    template: str
    begun: Callable[[BankRequest], FormState] = lambda _: FormState()

    def __call__(
        self, state: FormState | None, *, status: int = 200, trouble: Trouble | None = None, look: Any = None
    ) -> Response:
        """The form as it stands, at first with the hub's own figures.

        Raises `NotFound` for another bank's request, and `StatusConflict` where it is asked for in vain.
        """
        person = current_staff()
        with face().hub.reading(person.actor) as tx:
            found, desk = requests.get(tx, self.request_id, bank_code=person.bank), desk_of(tx, self.request_id)
            left = left_at(tx, request.path) if request.method == "GET" else None
        if request.method == "GET" and not found.may(self.event):
            raise StatusConflict(found.status, self.event)
        shown = left or state or self.begun(found)
        seen = found.seen if trouble is not None or left is not None else shown.value("seen", str(found.seen))
        return page(
            self.template,
            title=self.title,
            status=status,
            state=replace(shown, fields=self.fields),
            found=found,
            desk=desk,
            seen=seen,
            trouble=trouble,
            look=look,
            action=f"{_HERE}/{self.request_id}/{self.below}",
            reasons=options("instalment_refusal"),
            today=face().today,
            least_days=LEAST_VALID_DAYS,
            most_days=MOST_VALID_DAYS,
            next_on=next_day_of(found.matter.deal, face().today),
            back=f"{_HERE}/{self.request_id}",
        )


@pages.route("/instalments/<id:request_id>")
@for_bank()
def instalment_request(request_id: str) -> Response:
    """One request: the deal, the hub's figures, the quotes, and what can be done."""
    return _one(request_id, FormState())


def _one(request_id: str, state: FormState) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, desk = requests.get(tx, request_id, bank_code=person.bank), desk_of(tx, request_id)
    return page(
        "portal/instalment.html",
        title=translate("分期取消和提前结清"),
        status=200 if state.sound else 422,
        state=replace(state, fields=WHY_FIELDS),
        desk=desk,
        found=found,
        may_act=person.role in ACTING,
        here=f"{_HERE}/{request_id}",
        done=request.args.get("done", ""),
        back="/portal/requests?kind=instalments",
    )


@pages.route("/instalments/<id:request_id>/reveal", methods=["POST"])
@for_bank(*ACTING)
def reveal_instalment_person(request_id: str) -> Response | WsgiResponse:
    """The mobile of whoever asks is shown in full for five minutes."""
    return reveal(
        request_id,
        RequestKind.INSTALMENTS,
        address=f"{_HERE}/{request_id}",
        form=lambda again: _one(request_id, again),
    )


def _quote_form(request_id: str, template: str = "portal/instalment-quote.html") -> _Form:
    return _Form(
        request_id=request_id,
        event=InstalmentEvent.QUOTED,
        below="quote",
        title=translate("报价"),
        fields=_QUOTE_FIELDS,
        template=template,
        begun=_begun,
    )


@pages.route("/instalments/<id:request_id>/quote")
@for_bank(*ACTING)
def ask_instalment_quote(request_id: str) -> Response:
    """Asks for the bank's figures; begins with the hub's own."""
    return _quote_form(request_id)(None)


def _begun(found: BankRequest) -> FormState:
    """The hub's own figures, valid as long as a quote can be."""
    own, today = found.estimate, face().today
    next_on = next_day_of(found.matter.deal, today)
    figures = own.figures
    return filled(
        {
            "as_of": min(max(own.as_of, today), next_on).isoformat(),
            "remaining_principal_fen": figures.remaining_principal_fen,
            "interest_to_date_fen": figures.interest_to_date_fen,
            "fees_due_fen": figures.fees_due_fen,
            "other_fen": figures.other_fen,
            "fees_refunded_fen": figures.fees_refunded_fen,
            "pay_fen": own.pay_fen,
        }
    )


@pages.route("/instalments/<id:request_id>/quote", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def quote_instalments(request_id: str) -> Response:
    """The bank's figures wait for the person; shown first as the person will read them."""
    bank_code = current_staff().bank
    state, read = _read(QUOTE, load_quote, _QUOTE_FIELDS)

    def quoted(tx: HubTransaction) -> None:
        quoting.quote(tx, request_id, read.value_or_refuse(), bank_code=bank_code)

    return _carried_out(
        state,
        request_id,
        quoted,
        form=_quote_form(request_id),
        done="quoted",
        preview=_quote_form(request_id, "portal/instalment-quote-preview.html"),
    )


def _refuse_form(request_id: str, template: str = "portal/instalment-refuse.html") -> _Form:
    return _Form(
        request_id=request_id,
        event=InstalmentEvent.REFUSED,
        below="refuse",
        title=translate("不同意"),
        fields=_REFUSAL_FIELDS,
        template=template,
    )


@pages.route("/instalments/<id:request_id>/refuse")
@for_bank(*ACTING)
def ask_instalment_refusal(request_id: str) -> Response:
    """Asks for the reason, and for words where it needs them."""
    return _refuse_form(request_id)(FormState())


@pages.route("/instalments/<id:request_id>/refuse", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def refuse_instalments(request_id: str) -> Response:
    """The bank's no is with the person; shown first as the person will read it."""
    bank_code = current_staff().bank
    state, read = _read(REFUSAL, load_refusal, _REFUSAL_FIELDS)

    def refused(tx: HubTransaction) -> None:
        quoting.refuse(tx, request_id, read.value_or_refuse(), bank_code=bank_code)

    return _carried_out(
        state,
        request_id,
        refused,
        form=_refuse_form(request_id),
        done="refused",
        preview=_refuse_form(request_id, "portal/instalment-refuse-preview.html"),
    )


def _done_form(request_id: str) -> _Form:
    return _Form(
        request_id=request_id,
        event=InstalmentEvent.POSTED,
        below="done",
        title=translate("登记入账"),
        fields=_POSTING_FIELDS,
        template="portal/instalment-done.html",
        begun=lambda found: filled({"deal_no": found.matter.deal_no}),
    )


@pages.route("/instalments/<id:request_id>/done")
@for_bank(*ACTING)
def ask_instalment_posting(request_id: str) -> Response:
    """Asks when the payment came."""
    return _done_form(request_id)(None)


@pages.route("/instalments/<id:request_id>/done", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def post_instalments(request_id: str) -> Response:
    """The payment is posted and the person told."""
    bank_code = current_staff().bank
    state, read = _read(POSTING, load_posting, _POSTING_FIELDS)

    def posted(tx: HubTransaction) -> None:
        quoting.post(tx, request_id, read.value_or_refuse(), bank_code=bank_code)

    return _carried_out(state, request_id, posted, form=_done_form(request_id), done="posted")


def _read(schema: Any, load: Callable[[object], Read[Any]], fields: FormFields) -> tuple[FormState, Read[Any]]:
    state = replace(read_form(request.form, schema), fields=fields)
    read = load(state.data)
    return state.with_faults(read.faults), read


def _carried_out(
    state: FormState,
    request_id: str,
    deed: Callable[[HubTransaction], None],
    *,
    form: _Form,
    done: str,
    preview: _Form | None = None,
) -> Response:
    person = current_staff()

    def look(tx: HubTransaction) -> BankRequest:
        deed(tx)
        return requests.get(tx, request_id, bank_code=person.bank)

    def require_fresh(tx: HubTransaction) -> None:
        record = matters.lock_of_bank(tx, request_id, bank_code=person.bank)
        # A colleague, the person or the time was faster: what the form says is of an older state.
        if request.form.get("seen", "") != str(record.log_length):
            raise StatusConflict(record.status, form.below)

    def effect(tx: HubTransaction) -> str:
        deed(tx)
        return f"{_HERE}/{request_id}?done={done}"

    action = FormAction(effect=effect, look=look, require_fresh=require_fresh)
    return carry_out(person, action, state, form=form, preview=preview)
