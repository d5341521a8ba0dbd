"""Launches: a host app sends a person it has signed in over to the hub's pages."""

from flask import Response

from hub.domain.plain import instant
from hub.services.accounts import clients
from hub.services.transaction import HubTransaction
from hub.web.access import WRITE, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.answers import LaunchAnswerSchema
from schemas.launches import LaunchSchema, load_launch

blueprint = noun("launches", "The way from a host app into the hub's pages")


@blueprint.route("/launches", methods=["POST"])
@described({201: LaunchAnswerSchema}, body=LaunchSchema, key=True)
@needs(WRITE)
def launch(caller: ApiCaller) -> Response:
    """A one-time address that signs this person in."""
    read = load_launch(caller.body.value(), today=caller.today)

    def keep(tx: HubTransaction) -> Reply:
        person = read.value_or_refuse()
        plain = {
            "subject": person.subject,
            "name": person.name,
            "mobile": person.mobile,
            "id_type": person.id_type,
            "id_number": person.id_number,
            "cards": [
                {"bank_code": code, "card_number": number, **person.balances[code, number]}
                for code, number in person.cards
            ],
        }
        made = clients.launch(tx, caller.client_id, plain)
        url = f"{tx.public_url}/launch?code={made.code}"
        return Reply(status=201, body={"code": made.code, "url": url, "expires_at": instant(made.expires_at)})

    return caller.once(keep)
