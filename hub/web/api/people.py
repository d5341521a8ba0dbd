"""People by API, as a host app names them: what it may ask of all that the hub keeps of one."""

from flask import Response

from hub.domain.plain import Plain, instant
from hub.services.documents import person_exports
from hub.services.erasure import requests
from hub.services.erasure.requests import Answer
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs, refuse
from hub.web.api.describing import BYTES, described, noun
from hub.web.downloads import download_person
from hub.web.idempotency import Reply
from hub.web.limits import EXPORTS_A_PERSON
from schemas.actions import NothingSchema, load_nothing
from schemas.erasure_answers import ErasureAnswerSchema

blueprint = noun("people", "All that is kept of one person of a host app")


@blueprint.route("/people/<id:subject>/erasure", methods=["POST"])
@described({202: ErasureAnswerSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(WRITE)
def erase(caller: ApiCaller, subject: str) -> Response:
    """Erase all that may go of your person, and learn what stays, why and until when.

    While one of their negotiations is open the answer is 409 `negotiation_open`: withdraw it first. Files go at once,
    those of an agreement in force too; the agreement itself, its papers and payments stay until their day. Once nothing
    is left of the person, the same call answers 404, but under the same key what it answered first.
    """
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        refuse(faults)
        answer = requests.erase_subject(tx, caller.client_id, subject, caller.hub.settings.retention)
        return Reply(status=202, body=_plain(answer))

    return caller.once(keep)


@blueprint.route("/people/<id:subject>/export")
@described(
    {200: ("application/zip", BYTES)},
    about=(
        "Data as JSON by area, an overview to read, and each negotiation's whole record. What a bank noted for its own "
        "file is the bank's to give out. Six times an hour for one person; each is on record."
    ),
)
@needs(READ)
def export(caller: ApiCaller, subject: str) -> Response:
    """All that the hub holds of your person, to hand to them."""
    caller.limits.count((EXPORTS_A_PERSON, (caller.client_id, subject)))
    return download_person(
        caller.actor,
        lambda tx: person_exports.of_subject(
            tx, caller.client_id, subject, caller.hub.settings.retention, language=caller.language
        ),
        "my-data.zip",
    )


def _plain(answer: Answer) -> Plain:
    return {
        "goes": [{"what": each.what, "reference": each.reference} for each in answer.goes],
        "stays": [
            {
                "what": each.what,
                "reference": each.reference,
                "why": each.why,
                "until": None if each.until is None else instant(each.until),
            }
            for each in answer.stays
        ],
    }
