"""What happens to a request by itself: a quote that nobody took lapses, one that was not paid is void."""

from datetime import time, timedelta

from hub.domain.actor import HUB
from hub.domain.china import china_day, china_instant
from hub.domain.entry_kind import EntryKind
from hub.domain.instalment_request import InstalmentEvent, InstalmentStatus
from hub.mail.kinds import MailKind
from hub.services.instalments import matters
from hub.services.negotiations.entries import entry
from hub.services.notifications import request_mails
from hub.services.requests import moving
from hub.services.transaction import HubTransaction
from storage import service_requests


def look(tx: HubTransaction, request_id: str) -> None:
    """What is due of the request by now has happened; a second call does nothing."""
    record = service_requests.lock(tx, request_id)
    if record.look_at is None or record.look_at > tx.now:
        return
    quote = matters.matter_of(tx, record).quote
    service_requests.look_at(record, None)
    if quote is None:
        return
    if record.status == InstalmentStatus.QUOTED:
        if quote.is_valid(china_day(tx.now)):
            service_requests.look_at(record, china_instant(quote.contents.valid_until + timedelta(days=1), time()))
            request_mails.to_person(
                tx, record, MailKind.INSTALMENTS_QUOTED, step=f":ending:{quote.id}", until=quote.contents.valid_until
            )
        else:
            moving.move(tx, record, InstalmentEvent.VALID_UNTIL_PASSED, entry(EntryKind.INSTALMENTS_LAPSED, HUB))
            request_mails.to_person(tx, record, MailKind.REQUEST_NEWS, step=":lapsed")
    elif record.status == InstalmentStatus.AWAITING_PAYMENT:
        day = quote.contents.pay_by.isoformat()
        moving.move(tx, record, InstalmentEvent.PAY_BY_PASSED, entry(EntryKind.INSTALMENTS_VOID, HUB, day=day))
        request_mails.to_person(tx, record, MailKind.REQUEST_NEWS, step=":void")
