"""What people and their host apps read of their own negotiations, on record beside what banks read.

A page that is opened again, or a program that asks every second, is one line in ten minutes; a paper or a file is a
line each time.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.domain.actor import Actor, Party
from hub.domain.china import china_day
from hub.domain.errors import Unavailable
from hub.domain.plain import Plain
from hub.services.transaction import HubTransaction, Transactions
from storage import access_log, given_evidence, staff
from storage.records import AccessRecord, NegotiationRecord

GLANCE_LASTS = timedelta(minutes=10)
NEGOTIATION = "negotiation"
RECORD = "record"
_IN_FULL, _EXPORT, _TABLE = "in_full", "export", "table_export"
_ORIGINAL = "original"
_SELF = "self"
# So many lines are read for each of the groups that are shown; where many more fall on one day, all are.
_LINES_A_GROUP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A look at a negotiation that is not on record yet."""

    negotiation_id: str
    bank_code: str


def new_glances(
    tx: HubTransaction, views: Iterable[Plain] = (), *, row: NegotiationRecord | None = None
) -> list[Glance]:
    """Of the negotiations shown as `views`, or of `row`, those of which no look by who acts is on record lately."""
    shown = {view["id"]: view["bank"]["code"] for view in views} if row is None else {row.id: row.bank_code}
    known = access_log.list_read_since(tx, shown, actor=tx.actor, what=NEGOTIATION, since=tx.now - GLANCE_LASTS)
    return [Glance(negotiation_id=id_, bank_code=code) for id_, code in shown.items() if id_ not in known]


def note_glances(transactions: Transactions, actor: Actor, glances: Sequence[Glance]) -> None:
    """The looks are on record; left out where nothing can be written, so that who only reads goes on reading."""
    if not glances:
        return
    with suppress(Unavailable), transactions.writing(actor) as tx:
        for each in glances:
            access_log.note(tx, each.negotiation_id, bank_code=each.bank_code, actor=actor, what=NEGOTIATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsOfADay:
    """What one sort of reader did on one day in China: how often, and when last.

    `reader` is a role at the bank, `bank_system`, `hub`, `host_app` or `self`. `what` is the head of the line in the
    access log; `reason` why somebody had names and numbers shown in full, `field` which of them (None for all), `words`
    what they or who exported all of it wrote beside that.
    """

    reader: str
    what: str
    reason: str | None
    field: str | None
    words: str
    times: int
    last_at: datetime


def readings_by_day(tx: HubTransaction, negotiation_id: str, *, most: int) -> list[ReadingsOfADay]:
    """Who read what of the negotiation, newest first, put together by day; the role, never a name."""
    lines = _LINES_A_GROUP * most
    newest = access_log.list_newest(tx, negotiation_id, most=lines)
    found = _by_day(tx, newest)
    # The day that the lines break off in may have more.
    whole = [each for each in found if len(newest) < lines or china_day(each.last_at) > china_day(newest[-1].at)]
    if len(whole) < most and len(newest) == lines:
        whole = _by_day(tx, reversed(access_log.list_readings(tx, negotiation_id)))
    return whole[:most]


def _by_day(tx: HubTransaction, newest_first: Iterable[AccessRecord]) -> list[ReadingsOfADay]:
    roles: dict[str, str] = {}
    groups: dict[tuple[date, str, str, str | None, str | None, str], list[datetime]] = {}
    for record in newest_first:
        each = _reading(record, _reader(tx, record.actor, roles))
        what = NEGOTIATION if each.reader == _SELF else each.what
        key = (china_day(each.at), each.reader, what, each.reason, each.field, each.words)
        groups.setdefault(key, []).append(each.at)
    return [
        ReadingsOfADay(
            reader=reader, what=what, reason=reason, field=field, words=words, times=len(ats), last_at=ats[0]
        )
        for (_, reader, what, reason, field, words), ats in groups.items()
    ]


def bank_looked_at(tx: HubTransaction, negotiation_id: str) -> datetime | None:
    """When somebody or something at the bank last read the negotiation; None where nobody has."""
    return access_log.last_read_at(tx, negotiation_id, party=Party.BANK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line of the access log, by the sort of reader; the parts are those of `ReadingsOfADay`."""

    at: datetime
    reader: str
    what: str
    reason: str | None
    field: str | None
    words: str


def readings_of(tx: HubTransaction, negotiation_id: str) -> list[Reading]:
    """Who read what of the negotiation, oldest first; the role, never a name."""
    roles: dict[str, str] = {}
    return [_reading(each, _reader(tx, each.actor, roles)) for each in access_log.list_readings(tx, negotiation_id)]


def _reading(record: AccessRecord, reader: str) -> Reading:
    head, _, rest = record.what.partition("/")
    if head == _ORIGINAL:
        # Behind the file's id.
        rest = rest.partition("/")[2]
    in_words = head in (_EXPORT, _TABLE, _ORIGINAL)
    why, _, words = rest.partition("/") if head == _IN_FULL else ("", "", rest if in_words else "")
    reason, _, field = why.partition("+")
    return Reading(at=record.at, reader=reader, what=head, reason=reason or None, field=field or None, words=words)


def _reader(tx: HubTransaction, actor: str, roles: dict[str, str]) -> str:
    party, _, name = actor.partition(":")
    kind, _, id_ = name.partition("/")
    if party == Party.CARDHOLDER:
        return _SELF if kind == "person" else "host_app"
    if party == Party.HUB:
        return "hub"
    if kind != "staff":
        return "bank_system"
    if id_ not in roles:
        record = staff.find(tx, id_)
        roles[id_] = "bank_system" if record is None else record.role
    return roles[id_]


def note(tx: HubTransaction, negotiation: NegotiationRecord, what: str) -> None:
    """The reading of a paper, or of all there is, is on record."""
    access_log.note_reading(tx, negotiation, tx.actor, what)


def note_file(tx: HubTransaction, evidence_id: str) -> None:
    """The reading of a file is on record with each negotiation that it was given to."""
    for negotiation_id, bank_code in given_evidence.negotiations_given(tx, evidence_id):
        access_log.note(tx, negotiation_id, bank_code=bank_code, actor=tx.actor, what=f"evidence/{evidence_id}")
