"""Documents by the API."""

from tests.applications import CMB
from tests.conftest import Submit
from tests.web.caller import Caller


def test_the_agreement_is_404_without_one_and_409_before_it_is_printed(
    host_app: Caller, delivered: str, submitted: Submit
) -> None:
    assert host_app.get(f"{delivered}/agreement.pdf").status_code == 404
    waiting = submitted(CMB, client=host_app.client).negotiation
    early = host_app.get(f"/negotiations/{waiting}/application-form.pdf")
    assert (early.status_code, early.get_json()["code"]) == (409, "document_not_ready")
    assert early.headers["Retry-After"]


def test_a_document_is_saved_and_never_shown(host_app: Caller, delivered: str) -> None:
    form = host_app.get(f"{delivered}/application-form.pdf")
    assert form.headers["Content-Type"] == "application/pdf"
    assert form.headers["Content-Disposition"].startswith("attachment;")
    assert form.headers["Cache-Control"] == "private, no-store"
