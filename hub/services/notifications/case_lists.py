"""The lists of negotiations in mails to a bank's people: whose each is, how much time is left, and what happened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.staff import Role
from hub.mail.case_lines import EVENTS, CaseLine, TimeLeft, time_left
from hub.mail.facts import Facts
from hub.mail.kinds import TOGETHER, MailKind
from hub.services.notifications.colleagues import colleagues, name_of
from hub.services.transaction import HubTransaction
from storage import staff
from storage.mails import Reader
from storage.records import MailRecord, NegotiationRecord

# A list that is longer is of no use in a mail.
MOST_LISTED = 40
_QUEUE = "/portal/"
_MINE = "/portal/?tab=mine"
_UNASSIGNED = "/portal/?tab=unassigned"
_REVIEWS = "/portal/reviews"
# Told to whom the cases belong, by whatever name.
_OWN = frozenset({MailKind.DAILY_DIGEST, MailKind.SEVERAL_ASSIGNED, MailKind.SEVERAL_DUE})
_PAGES = {MailKind.SEVERAL_REVIEWS: _REVIEWS, MailKind.SEVERAL_REQUESTS: "/portal/requests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNames:
    """Who has to do with a negotiation, as colleagues call them: its owner, the owner's team, and who leads."""

    owner: str
    team: str
    lead: str


def names_of(tx: HubTransaction, negotiation: NegotiationRecord) -> CaseNames:
    """Who has to do with it now; a name is empty where there is nobody."""
    people = colleagues(tx, negotiation.bank_code)
    owner = people.owner(negotiation)
    leads = "、".join(name_of(tx, each) for each in people.leads(owner))
    return CaseNames(owner=name_of(tx, owner), team=people.team(owner), lead=leads)


def to_reader(tx: HubTransaction, mail: MailRecord, bank: Bank) -> dict[str, Any]:
    """What every mail to a bank's people says beside its matter: who reads it, and in which brackets."""
    person = None if mail.staff_id is None else staff.find(tx, mail.staff_id)
    said: dict[str, Any] = {"square_brackets": bank.rules.mail_brackets == "[]", "for_staff": True}
    if person is None or mail.reader != Reader.COLLEAGUE:
        return said
    said["reader"] = person.name or ""
    if person.role != Role.AUDITOR:
        said["settings_link"] = f"{tx.public_url}/portal/settings"
    return said


def line_of(
    tx: HubTransaction, negotiation: NegotiationRecord, deadline: datetime | None, *, event: str = ""
) -> CaseLine:
    """The line of the negotiation, whose answer is due at `deadline`."""
    names = names_of(tx, negotiation)
    return CaseLine(
        reference=negotiation.reference,
        link=f"{tx.public_url}/portal/negotiations/{negotiation.id}",
        deadline=deadline,
        left=left_of(tx, deadline),
        owner=names.owner,
        team=names.team,
        event=event,
    )


def left_of(tx: HubTransaction, deadline: datetime | None) -> TimeLeft | None:
    """How far off the deadline is now."""
    return None if deadline is None else time_left(deadline, tx.now, tx.calendar())


def facts_of_several(tx: HubTransaction, mails_of_one: Sequence[MailRecord], bank: Bank) -> Facts:
    """What one mail says of several negotiations."""
    first = mails_of_one[0]
    words = TOGETHER[MailKind(first.kind)]
    lines = [
        line_of(
            tx,
            tx.session.get_one(NegotiationRecord, mail.negotiation_id),
            mail.tells,
            event=EVENTS.get(MailKind(mail.kind), ""),
        )
        for mail in mails_of_one
    ]
    return facts_of_list(tx, words, lines, bank, to_reader(tx, first, bank), leads=_leads_of(tx, mails_of_one))


def _leads_of(tx: HubTransaction, found: Sequence[MailRecord]) -> str:
    leads = {names_of(tx, tx.session.get_one(NegotiationRecord, mail.negotiation_id)).lead for mail in found}
    # Named where there is one and the same for all.
    return leads.pop() if len(leads) == 1 else ""


def facts_of_list(
    tx: HubTransaction, kind: MailKind, lines: Sequence[CaseLine], bank: Bank, said: dict[str, Any], *, leads: str = ""
) -> Facts:
    """What a mail of that kind says of all of `lines`, of which it lists the first."""
    by_team = kind == MailKind.SEVERAL_ESCALATED and any(line.team for line in lines)
    lines = sorted(lines, key=lambda line: (line.team if by_team else "", _place_of(line.deadline), line.reference))
    deadlines = [line.deadline for line in lines if line.deadline is not None]
    today = china_day(tx.now)
    return Facts(
        kind=kind,
        reference=lines[0].reference if lines else "",
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        is_lender=not bank.standing.is_bank,
        link=tx.public_url + (_PAGES.get(kind) or _page_of(kind, lines, said)),
        deadline=min(deadlines, default=None),
        cases=tuple(lines[:MOST_LISTED]),
        more=len(lines[MOST_LISTED:]),
        due_today=sum(china_day(at) == today and at >= tx.now for at in deadlines),
        late=sum(at < tx.now for at in deadlines),
        by_team=by_team,
        events=tuple(Counter(line.event for line in lines if line.event).items()),
        lead=leads,
        **said,
    )


def _page_of(kind: MailKind, lines: Sequence[CaseLine], said: dict[str, Any]) -> str:
    """The tab that holds what the mail tells of: a supervisor is told of cases that are somebody else's or nobody's."""
    reader = said.get("reader")
    if reader is None:
        return _QUEUE
    if not lines:
        return _REVIEWS if said.get("reviews") else _UNASSIGNED
    owners = {line.owner for line in lines}
    if owners == {""}:
        return _UNASSIGNED
    return _MINE if kind in _OWN or owners == {reader} else _QUEUE


def _place_of(deadline: datetime | None) -> tuple[bool, float]:
    return deadline is None, 0.0 if deadline is None else deadline.timestamp()
