"""`/ops/banks/<code>/services`: what a bank offers beside the negotiation; each change is audited."""

from flask import Blueprint, Response, request

from hub.domain.own_settings import text_of
from hub.domain.service_request import read_services
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.once import do_once
from hub.web.pages.ops.results import SERVICES_SET
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("bank_services", __name__)


@pages.route("/banks/<code>/services", methods=["POST"])
@for_operators
def change(code: str) -> Response:
    """The bank offers what is ticked and nothing else."""
    wanted = ",".join(read_services(",".join(request.form.getlist("services"))))
    with face().hub.reading(current_staff().actor) as tx:
        banks.get(tx, code)
    require_fresh_sign_in()

    def effect(tx: HubTransaction) -> str:
        if text_of(banks.get(tx, code).rules, "services") != wanted:
            banks.change(tx, code, {"services": wanted})
        return f"/ops/banks/{code}?done={SERVICES_SET}"

    return do_once(current_staff(), effect)
