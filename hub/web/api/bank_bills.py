"""Bills by API, as a bank tells them of customers who consented."""

from flask import Response

from hub.domain.bill_feed import MOST_ROWS, FeedResult
from hub.domain.plain import instant
from hub.services.bills import feed
from hub.services.reading.bank import bill_reminders
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import PAGE_QUERY, described, noun
from hub.web.api.queries import cursors, query
from hub.web.idempotency import Reply, json_response
from hub.web.limits import FEED_CALLS
from hub.web.pagination import listed, page_of
from schemas.bill_feed import BankBillConsentPageSchema, BillFeedAnswerSchema, BillFeedSchema, load_feed

blueprint = noun("bank bills", "Bills that a bank tells its customers", below="/bank")

_TAKEN = frozenset({FeedResult.TAKEN, FeedResult.CHANGED, FeedResult.UNCHANGED})


@blueprint.route("/bills", methods=["POST"])
@described(
    {200: BillFeedAnswerSchema},
    body=BillFeedSchema,
    key=True,
    about=(
        f"At most {MOST_ROWS} at once. A fault of form in any row refuses all of them, every fault named by its place; "
        "nothing is taken then. Sound rows are each taken by themselves: one whose token finds no consent of yours "
        "(wrong, another bank's, or taken back: nobody learns which) is `bill_not_yours`, and the others are taken all "
        "the same. One of a card that the person did not name (`cards` of the consent) is `card_not_consented`. "
        "A later `statement_on` of the card supersedes the one before; the same statement told again with a "
        "later `as_of` mends it, and the person hears once that it changed. Told twice is taken once. Secrets of a "
        "card are refused by name: `card_secret_refused`."
    ),
)
@needs(REVIEW)
def tell(caller: ApiCaller) -> Response:
    """Tell bills of people who let you."""
    caller.limits.count_from_lease(FEED_CALLS, caller.client_id)
    read = load_feed(caller.body.value())

    def take(tx: HubTransaction) -> Reply:
        results = feed.take(tx, caller.bank_code, read.value_or_refuse())
        items = [{"row": row, "result": result} for row, result in enumerate(results)]
        return Reply(status=200, body={"taken": sum(each in _TAKEN for each in results), "items": items})

    return caller.once(take)


@blueprint.route("/bill-consents")
@described(
    {200: BankBillConsentPageSchema},
    query=PAGE_QUERY,
    about=(
        "Find your customer by mobile and last four digits together; where both are not in your books, tell nothing. "
        "Keep the token: it is what names the person from then on. One that is not listed any more was taken back."
    ),
)
@needs(REVIEW)
def consents(caller: ApiCaller) -> Response:
    """Who lets you tell bills, and whether reminders of them went out."""
    given = query("limit", "cursor")
    places = cursors(caller, "bank/bill-consents")
    page = page_of(given, places)
    with caller.hub.reading(caller.actor) as tx:
        found, next_place = bill_reminders.list_consents(tx, caller.bank_code, page)
    items = [
        {
            "token": each.contact.token,
            "card_last4": each.contact.card_last4,
            "cards": list(each.contact.cards),
            "mobile": each.contact.mobile,
            "given_at": instant(each.given_at),
            "reminders": each.reminders.plain(),
        }
        for each in found
    ]
    return json_response(listed(items, next_place, places))
