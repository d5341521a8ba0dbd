"""What a host app shows to people: the banks, the texts of the consents, and the working days."""

from flask import Response

from hub.domain.consent import TEXTS_IN_FORCE
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.plain import to_plain
from hub.services.reading import directory, views
from hub.web.access import READ, REVIEW, WRITE, ApiCaller, needs
from hub.web.api.describing import PAGE_QUERY, described, noun, query_of
from hub.web.api.queries import cursors, day, query
from hub.web.idempotency import json_response
from hub.web.pagination import cut
from schemas.answers import BankPageSchema, ConsentTextPageSchema, CreditorPageSchema, WorkingDayAnswerSchema

blueprint = noun("directory", "Banks and other creditors, consent texts and working days")

MOST_DAYS = 400


@blueprint.route("/banks")
@described({200: BankPageSchema}, query=PAGE_QUERY)
@needs(READ, WRITE, REVIEW)
def banks(caller: ApiCaller) -> Response:
    """The banks that take applications."""
    given = query("limit", "cursor")
    with caller.hub.reading(caller.actor) as tx:
        found = [to_plain(bank) for bank in directory.list_banks(tx) if bank.is_bank]
    return json_response(cut(found, given, cursors(caller, "banks")))


@blueprint.route("/creditors")
@described({200: CreditorPageSchema}, query=PAGE_QUERY)
@needs(READ, WRITE, REVIEW)
def creditors(caller: ApiCaller) -> Response:
    """Whom an application can name as creditor, banks and other lenders."""
    given = query("limit", "cursor")
    with caller.hub.reading(caller.actor) as tx:
        found = directory.list_creditors(tx)
    return json_response(cut(found, given, cursors(caller, "creditors")))


@blueprint.route("/consent-texts")
@described({200: ConsentTextPageSchema}, query=PAGE_QUERY)
@needs(READ, WRITE, REVIEW)
def consent_texts(caller: ApiCaller) -> Response:
    """The texts in force; `{bank}` stands for the bank's name."""
    given = query("limit", "cursor")
    texts = [
        {
            "purpose": text.purpose,
            "version": text.version,
            "sha256": text.sha256,
            "zh": text.zh,
            "en": text.en,
        }
        for text in TEXTS_IN_FORCE
    ]
    return json_response(cut(texts, given, cursors(caller, "consent-texts")))


@blueprint.route("/working-days")
@described(
    {200: WorkingDayAnswerSchema},
    query=(
        query_of("from", {"type": "string", "format": "date"}, "the day that is not counted", required=True),
        query_of("days", {"type": "integer", "minimum": 0, "maximum": MOST_DAYS}, "how many", required=True),
    ),
)
@needs(READ, WRITE, REVIEW)
def working_days(caller: ApiCaller) -> Response:
    """The nth working day after a day."""
    given = query("from", "days")
    start, count = day(given, "from"), _count(given.get("days"))
    with caller.hub.reading(caller.actor) as tx:
        calendar = tx.calendar()
    try:
        last = calendar.nth_working_day_after(start, count)
    except InvalidValue as error:
        raise Refused(error.at("/from")) from error
    return json_response(
        {
            "date": last.isoformat(),
            "skipped": views.skipped_days(calendar.explain(start, count), caller.language),
            "provisional": calendar.provisional_between(start, last),
        }
    )


def _count(text: str | None) -> int:
    if text is None:
        raise Refused(Fault("/days", "required"))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= MOST_DAYS):
        raise Refused(Fault("/days", "out_of_range", {"min": 0, "max": MOST_DAYS}))
    return int(text)
