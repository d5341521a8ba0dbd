"""The signed heads of the log, for whoever keeps them outside the hub."""

from flask import Response

from hub.services.log_heads import signing
from hub.web.access import READ, REVIEW, WRITE, ApiCaller, needs
from hub.web.api.describing import PAGE_QUERY, described, noun, query_of
from hub.web.api.queries import MOST_HEADS, cursors, head_number, query
from hub.web.idempotency import json_response
from hub.web.pagination import limit_of
from schemas.log_heads import LogHeadPageSchema

blueprint = noun("log_heads", "Signed heads of the log: keep them, and nobody can rewrite it unseen")


@blueprint.route("/log-heads")
@described(
    {200: LogHeadPageSchema},
    query=(
        *PAGE_QUERY,
        query_of(
            "after", {"type": "integer", "minimum": 0, "maximum": MOST_HEADS}, "the number of the last head you have"
        ),
    ),
)
@needs(READ, WRITE, REVIEW)
def log_heads(caller: ApiCaller) -> Response:
    """The heads that were signed, the oldest first.

    A head covers every chain of the log and says nothing of any person. Whoever keeps one can have the log checked
    against it later: `hub log verify --head FILE`, or `verify.py --head FILE` of a record that was asked for with the
    head's number.
    """
    given = query("limit", "cursor", "after")
    limit, made = limit_of(given.get("limit")), cursors(caller, "log-heads")
    after = head_number("after", given.get("after", "0"), least=0)
    if "cursor" in given:
        after = int(made.read(given["cursor"])[0])
    with caller.hub.reading(caller.actor) as tx:
        heads, is_more = signing.list_page(tx, after=after, limit=limit)
        keys = tx.keyring.head_keys()
    return json_response(
        {
            "items": [each.whole for each in heads],
            "next_cursor": made.make([heads[-1].number]) if is_more else None,
            "keys": [{"key_id": key_id, "public_key": public} for key_id, public in keys.items()],
        }
    )
