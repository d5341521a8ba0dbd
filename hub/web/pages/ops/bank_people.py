"""`/ops/banks/<code>/staff`: a bank's first administrator is invited, and an account there renewed or removed.

Everybody else the bank's administrators add themselves. Each deed is in the bank's audit.
"""

from collections.abc import Callable

from flask import Blueprint, Response, request

from hub.domain.errors import Malformed, Refused
from hub.domain.staff import Role
from hub.services.accounts import bank_staff
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.forms import FormState, typed_values
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.once import do_once
from hub.web.pages.ops.banks import FIELDS, bank_page
from hub.web.pages.ops.results import INVITED, REMOVED, RENEWED
from hub.web.pages.visitors import current_staff, for_operators, now_for_sessions

pages = Blueprint("bank_people", __name__)


@pages.route("/banks/<code>/staff", methods=["POST"])
@for_operators
def invite(code: str) -> Response:
    """The person is an administrator of the bank, and the way to enrol goes to their address alone."""
    email, name, at = request.form.get("email", ""), request.form.get("name", ""), now_for_sessions()

    def do(tx: HubTransaction) -> None:
        bank_staff.add(tx, bank_code=code, email=email, name=name, role=Role.BANK_ADMIN, at=at)

    return _changed(code, do, INVITED)


@pages.route("/banks/<code>/staff/<id:staff_id>", methods=["POST"])
@for_operators
def change(code: str, staff_id: str) -> Response:
    """The account has a new way to enrol, which goes to its address alone, or is gone."""
    operator, at = current_staff(), now_for_sessions()
    deeds: dict[str, tuple[str, Callable[[HubTransaction], None]]] = {
        "renew": (RENEWED, lambda tx: bank_staff.renew(tx, staff_id, bank_code=code, by=operator, at=at)),
        "remove": (REMOVED, lambda tx: bank_staff.remove(tx, staff_id, bank_code=code, by=operator)),
    }
    if request.form.get("do") not in deeds:
        raise Malformed("form_syntax")
    done, do = deeds[request.form["do"]]
    return _changed(code, do, done)


def _changed(code: str, do: Callable[[HubTransaction], None], done: str) -> Response:
    with face().hub.reading(current_staff().actor) as tx:
        banks.get(tx, code)
    require_fresh_sign_in()

    def effect(tx: HubTransaction) -> str:
        do(tx)
        return f"/ops/banks/{code}?done={done}"

    try:
        return do_once(current_staff(), effect)
    except Refused as error:
        state = FormState(values=typed_values(request.form), faults=error.faults, fields=FIELDS)
        return bank_page(code, state, 422)
