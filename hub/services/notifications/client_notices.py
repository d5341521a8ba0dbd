"""Host apps are told of each change of a negotiation or request, ids and status alone, as Standard Webhooks."""

import json
from datetime import datetime, timedelta

from standardwebhooks.webhooks import Webhook as Signer

from hub.banks.port import USER_AGENT, Http
from hub.banks.standard_webhooks import new_secret, signed_headers
from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.delivery import next_wait
from hub.domain.errors import DeliveryError, NotFound, TryAgain
from hub.domain.plain import instant
from hub.jobs.port import Job
from hub.services.operating import audit, operator_tasks
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction, Transactions
from storage import client_notices, clients
from storage.client_notices import Address, NoticeStatus
from storage.records import ClientNoticeRecord, ServiceRequestRecord

TYPE = "negotiation.updated"
REQUEST_TYPE = "request.updated"
GIVE_UP_AFTER = timedelta(days=3)
# So many are told again at once; whoever has more asks once more.
MOST_SENT_AGAIN = 10_000
# What a receiver never takes: it said that nobody listens there any more.
_GONE = 410


def set_url(tx: HubTransaction, http: Http, name: str, url: str | None) -> str | None:
    """The client of that name is told at `url` from now on, or nowhere; gives the secret, which is told this once.

    Raises `NotFound` for an unknown client, and `InvalidValue` for an address that may not be called.
    """
    client = clients.find_client_named(tx, name)
    if client is None:
        raise NotFound
    audit.note(tx, AuditKind.CLIENT_SET, client.name, keys=["notify_url"])
    if url is None:
        client_notices.set_address(tx, client.id, None)
        return None
    secret = new_secret()
    client_notices.set_address(tx, client.id, Address(url=http.check_url(url), secret=secret))
    return secret


def tell_job(record: ClientNoticeRecord) -> Job:
    """The next attempt to tell a client; one client that does not answer holds up no other, and no bank."""
    due = "" if record.next_try_at is None else f":{record.next_try_at.timestamp():.3f}"
    return Job(
        name="tell_client",
        key=f"tell:{record.id}:{record.attempts + 1}{due}",
        argument=record.id,
        queue="deliver",
        partition=f"client/{record.client_id}",
    )


def jobs_due(tx: HubTransaction, *, limit: int) -> list[Job]:
    """A job for every notice whose next attempt is due."""
    return [tell_job(record) for record in client_notices.list_due(tx, tx.now, limit)]


def tell(transactions: Transactions, http: Http, real_clock: Clock, notice_id: str) -> None:
    """One attempt was made: the client knows, or the next attempt stands in the row. Twice changes nothing."""
    with transactions.reading(HUB) as tx:
        record = client_notices.find_notice(tx, notice_id)
        if record is None or record.status != NoticeStatus.WAITING:
            return
        address = client_notices.find_address(tx, record.client_id)
        body = json.dumps(_notice_body(tx, record), separators=(",", ":"))
    detail = "" if address is None else _post(http, address, notice_id, body, real_clock.now())
    with transactions.writing(HUB) as tx:
        record = client_notices.find_notice(tx, notice_id, lock=True)
        if record is None or record.status != NoticeStatus.WAITING:
            return
        if address is None:
            client_notices.settle(tx, record, NoticeStatus.NOT_WANTED)
        elif not detail:
            client_notices.settle(tx, record, NoticeStatus.TOLD)
        else:
            _again(tx, record, detail)
        tx.session.flush()
        # One after the other, so that an app never hears of an older state last.
        following = client_notices.find_next(tx, record)
        if record.status != NoticeStatus.WAITING and following is not None:
            tx.jobs.enqueue(tx.session, tell_job(following))


def tell_again(tx: HubTransaction, name: str) -> int:
    """What the client of that name could not be told is tried once more, oldest first; raises `NotFound`.

    Gives how many changes. What a later one overtook, which it was told, is left: no app hears of an older state last.
    """
    client = clients.find_client_named(tx, name)
    if client is None:
        raise NotFound
    given_up = client_notices.list_given_up(tx, client.id, limit=MOST_SENT_AGAIN)
    for record in given_up:
        client_notices.again(tx, record)
    if given_up:
        audit.note(tx, AuditKind.CLIENT_TOLD_AGAIN, client.name)
    return len(given_up)


def _notice_body(tx: HubTransaction, record: ClientNoticeRecord) -> dict[str, object]:
    at = instant(record.changed_at)
    if record.request_id is None:
        return {"type": TYPE, "timestamp": at, "data": {"id": record.negotiation_id, "status": record.reached}}
    request = tx.session.get_one(ServiceRequestRecord, record.request_id)
    # A matter may be with several banks, and stand elsewhere with each.
    told = {"id": request.matter_id, "kind": request.kind, "bank_code": record.bank_code, "status": record.reached}
    return {"type": REQUEST_TYPE, "timestamp": at, "data": told}


def _post(http: Http, address: Address, notice_id: str, body: str, now: datetime) -> str:
    """Why the client did not take it; empty where it did."""
    headers = signed_headers(notice_id, now, body.encode(), [Signer(address.secret)])
    try:
        answer = http.post(address.url, body.encode(), {**headers, "User-Agent": USER_AGENT})
        if not 200 <= answer.status < 300:
            raise TryAgain(str(answer.status))
    except DeliveryError as error:
        return error.detail
    return ""


def _again(tx: HubTransaction, record: ClientNoticeRecord, detail: str) -> None:
    wait = None if detail == str(_GONE) else next_wait(record.attempts, record.changed_at, tx.now, GIVE_UP_AFTER)
    status = NoticeStatus.GIVEN_UP if wait is None else NoticeStatus.WAITING
    client_notices.settle(tx, record, status, detail=detail, wait=wait)
    if wait is None:
        client = clients.find_client(tx, record.client_id)
        operator_tasks.client_not_notified(tx, record, name=client.name if client is not None else "")
