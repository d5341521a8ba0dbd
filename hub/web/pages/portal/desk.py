"""What a bank's people see of a negotiation: a row of the queue, the heading of a form, the whole case.

Names and numbers leave this module masked, unless the reader has just said why they are needed in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.domain import answer_time
from hub.domain.actor import Party
from hub.domain.affordability import left_fen
from hub.domain.application import Account, Representative
from hub.domain.china import china_day
from hub.domain.entry_kind import EntryKind
from hub.domain.identity import IdentityLevel, needs_confirmation
from hub.domain.labels import EVIDENCE_KINDS
from hub.domain.lifecycle import BANKS_TURN, OPEN, Event, Status, allows
from hub.domain.masks import card_last4, mask_card, mask_mobile, mask_name
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.working_days import Calendar
from hub.services.accounts import staff
from hub.services.agreements.agreement_views import NextSteps, next_steps
from hub.services.documents import records
from hub.services.evidence.evidence_files import RECORDING
from hub.services.negotiations import correspondence, offering
from hub.services.reading import views
from hub.services.reading.bank import negotiation as readings
from hub.services.reading.listing import Page, Place
from hub.services.transaction import HubTransaction
from hub.web.catalogue import marked
from hub.web.pages.log_parts import MACHINE_LINES, parts_of
from hub.web.pages.translation import translate
from storage import access_log, bank_queue, clocks, evidence_requests, negotiations, offers
from storage.bank_queue import UNREADABLE, Queued
from storage.communications import Entry
from storage.submissions import submission_of

# The log of a case is shown from its end; hardly any is longer.
MOST_ENTRIES = 200

# What the person did last that somebody at the bank has to see, by the kinds of the log.
LAST_WORDS = (EntryKind.MESSAGE, EntryKind.ANSWERED, EntryKind.DECLINED, EntryKind.CALL_RECORD, UNREADABLE)
_SIDES = {Party.CARDHOLDER: marked("客户"), Party.BANK: marked("本行系统"), Party.HUB: marked("平台")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One page of the queue; `next_place` is where the following one begins, or None at the end."""

    rows: list[Plain]
    next_place: Place | None


def queue(
    tx: HubTransaction,
    bank_code: str,
    *,
    statuses: Sequence[Status],
    due_before: datetime | None,
    page: Page,
) -> Queue:
    """The bank's negotiations by due time; without `statuses` the open ones."""
    found = bank_queue.list_page(tx, bank_code, statuses=statuses, due_before=due_before, page=page)
    shown, calendar = found[: page.limit], tx.calendar()
    more = len(found) > page.limit
    return Queue(
        rows=[_row(each, tx.now, calendar) for each in shown],
        next_place=(shown[-1].due_at, shown[-1].id) if more else None,
    )


def _row(row: Queued, now: datetime, calendar: Calendar) -> Plain:
    submission = row.submission
    return {
        "id": row.id,
        "reference": row.reference,
        "status": row.status,
        "name": mask_name(submission.applicant.name),
        "cards": [card_last4(each) for each in submission.card_numbers],
        "owed_fen": submission.owed_fen,
        "reasons": submission.hardship.reasons,
        "support_needs": submission.support_needs,
        "proposal": to_plain(submission.proposal),
        "clock": _chip(row, now, calendar) if row.runs else None,
        "counter": row.counter if _counts(row.status) else None,
        "news": _news(row),
    }


def _counts(status: str) -> bool:
    """Whether a counter-offer still waits for the bank's word."""
    return status in BANKS_TURN


def _news(row: Queued) -> list[str]:
    """What somebody of the bank has to look at, beside the due time, by the words of the group `news`."""
    found = ["awaiting_approval"] if row.awaits_approval else []
    if row.was_returned and row.status in OPEN:
        found.append("returned")
    if row.counter is not None and _counts(row.status):
        found.append("countered")
    elif row.last_word in LAST_WORDS:
        found.append(row.last_word)
    return found


def _chip(row: Queued, now: datetime, calendar: Calendar) -> Plain:
    """Of the running clock what a row says; how its days were counted is shown with the case."""
    return {
        "due_at": instant(row.due_at),
        "paused": row.paused,
        "breached": answer_time.is_breached(row.due_at, answered_at=None, paused=row.paused, now=now),
        "working_days_left": answer_time.working_days_left(row.due_at, now, calendar),
    }


def _running_clock(tx: HubTransaction, negotiation_id: str, language: str) -> Plain | None:
    for clock in clocks.list_of(tx, negotiation_id):
        if clock.answered_at is None and clock.ended_at is None:
            return views.clock_view(tx, clock, tx.calendar(), language)
    return None


def find_by_reference(tx: HubTransaction, reference: str, *, bank_code: str) -> str | None:
    """The id of the bank's negotiation of that reference; None for an unknown one and another bank's alike."""
    found = negotiations.find_negotiation(tx, reference)
    if found is None or found.bank_code != bank_code or found.reached_bank_at is None:
        return None
    return found.id


def heading(tx: HubTransaction, negotiation_id: str, *, bank_code: str, language: str) -> Plain:
    """What stands above every form about a negotiation; raises `NotFound` for an unknown one and another bank's."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    submission = submission_of(tx, row)
    rules = tx.bank(bank_code).rules
    return {
        "id": row.id,
        "reference": row.reference,
        "status": row.status,
        "log_length": row.log_length,
        "name": mask_name(submission.applicant.name),
        "clock": _running_clock(tx, row.id, language),
        "owed_fen": submission.owed_fen,
        "proposal": to_plain(submission.proposal),
        "left_fen": left_fen(submission.finances),
        "identity_unconfirmed": needs_confirmation(IdentityLevel(row.identity_level), row.identity_confirmed),
        "four_eyes_above_fen": rules.four_eyes_above_fen,
        "offer_days": rules.offer_days,
        "pause_on_evidence": rules.pause_on_evidence,
        "may_be_incomplete": evidence_requests.any_unanswered(tx, row.id),
    }


def declared(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> list[Plain]:
    """The balances that the person declared, for a bank to confirm or to put right."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    plain: list[Plain] = to_plain(list(offering.declared_balances(tx, row)))
    return plain


def case(tx: HubTransaction, negotiation_id: str, *, bank_code: str, language: str, in_full: bool) -> Plain:
    """The whole case. The reading goes into the access log. Raises `NotFound`."""
    found = readings.negotiation(tx, negotiation_id, bank_code=bank_code, language=language)
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    submission = submission_of(tx, row)
    names = people(tx, bank_code)
    entries = records.log_entries(tx, negotiation_id, after=max(0, row.log_length - MOST_ENTRIES), limit=MOST_ENTRIES)
    return {
        **found,
        "log_length": row.log_length,
        "applicant": found["applicant"] if in_full else views.masked(submission.applicant),
        "representative": _representative(submission.representative, in_full=in_full),
        "accounts": [_account(each, in_full=in_full) for each in submission.accounts],
        "owed_fen": submission.owed_fen,
        "left_fen": left_fen(submission.finances),
        "offers": all_offers(tx, negotiation_id, names),
        "log": parts_of([entry_view(each, names) for each in reversed(entries)]),
        "last_word": _last_word([entry_view(each, names) for each in entries]),
        "is_cut": row.log_length > MOST_ENTRIES,
        "may_write": correspondence.may_write(tx, row),
        "allowed": {event.value for event in Event if allows(Status(row.status), event)},
    }


def _last_word(entries: list[Plain]) -> Plain | None:
    """The person's last word, where nobody at the bank has said or done anything since."""
    spoken = [each for each in entries if each["kind"] not in MACHINE_LINES]
    spoken = [each for each in spoken if each["party"] != Party.HUB or each["kind"] == UNREADABLE]
    last = spoken[-1] if spoken else None
    if last is None or last["kind"] not in LAST_WORDS or last["party"] == Party.BANK:
        return None
    if last["kind"] != EntryKind.ANSWERED:
        return last
    # What was answered stands in the message before.
    said = [each["text"] for each in spoken if (each["party"], each["kind"]) == (Party.CARDHOLDER, "message")]
    return {**last, "text": said[-1] if said else last["text"]}


def agreement_steps(tx: HubTransaction, negotiation_id: str) -> NextSteps | None:
    """What the bank may do with the case's agreement today; None where there is none."""
    agreement = offers.find_agreement(tx, negotiation_id)
    return None if agreement is None else next_steps(tx, agreement)


def _account(account: Account, *, in_full: bool) -> Plain:
    number = account.card_number if in_full else mask_card(account.card_number)
    return {**to_plain(account), "card_number": number, "owed_fen": account.total_fen}


def _representative(person: Representative | None, *, in_full: bool) -> Plain | None:
    if person is None:
        return None
    shown = person if in_full else replace(person, name=mask_name(person.name), mobile=mask_mobile(person.mobile))
    plain: Plain = to_plain(shown)
    return plain


def all_offers(tx: HubTransaction, negotiation_id: str, names: dict[str, str]) -> list[Plain]:
    """Every offer of both sides, newest first, with who made and who decided it, and in which words."""
    return [
        {
            **views.offer_view(tx, record),
            "made_at": instant(record.made_at),
            "made_by": record.made_by,
            "maker": who(record.made_by, names),
            "decider": None if record.decided_by is None else who(record.decided_by, names),
            "decision": None
            if record.decision_sealed is None
            else tx.keyring.open_text(record.decision_sealed, table="offer", column="decision", row=record.id),
            "recording_reference": record.recording_reference,
        }
        for record in reversed(offers.list_offers(tx, negotiation_id))
    ]


def people(tx: HubTransaction, bank_code: str) -> dict[str, str]:
    """What the bank's people are called, those who left too, by the word under which they act.

    Who has no name yet is called by the address, which only colleagues see.
    """
    return {f"{Party.BANK}:staff/{each.id}": each.name or each.email for each in staff.list_of_bank(tx, bank_code)}


def who(actor: str, names: dict[str, str]) -> str:
    """Who that is for a colleague: a name, or a side where it is nobody of the bank's people."""
    return names.get(actor) or translate(_SIDES[Party(actor.partition(":")[0])])


def entry_view(entry: Entry, names: dict[str, str]) -> Plain:
    """One entry of the log with who wrote it and the files that can be read."""
    view = views.communication_view(entry)
    files = [each for each in view["attachments"] if each["kind"] in EVIDENCE_KINDS or each["kind"] == RECORDING]
    return {**view, "who": who(entry.actor, names), "files": files}


def change_since(tx: HubTransaction, negotiation_id: str, seen: int, names: dict[str, str]) -> Plain | None:
    """The newest entry of the log behind number `seen`, one of a person before one of the hub; None at its end."""
    entries = records.log_entries(tx, negotiation_id, after=seen, limit=MOST_ENTRIES)
    of_people = [each for each in entries if each.header.party != Party.HUB]
    newest = (of_people or entries)[-1:]
    return entry_view(newest[0], names) if newest else None


def note_reveal(tx: HubTransaction, negotiation_id: str, why: str, *, bank_code: str) -> None:
    """Somebody has names and numbers shown in full, and says why; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    access_log.note_reading(tx, row, tx.actor, f"in_full/{why}")


def readings_of(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> list[Plain]:
    """Who of the bank and the hub read what of the case, newest first; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    names = people(tx, bank_code)
    return [
        {"at": instant(each.at), "who": who(each.actor, names), "what": each.what}
        for each in reversed(access_log.list_readings(tx, row.id))
        if not each.actor.startswith(f"{Party.CARDHOLDER}:")
    ]


def group_of(clock: Plain | None, now: datetime) -> str:
    """Where a row stands in the queue: late, today, soon, later, paused, or none where no clock runs."""
    if clock is None:
        return "none"
    if clock["paused"]:
        return "paused"
    if clock["breached"]:
        return "late"
    due_on = china_day(datetime.fromisoformat(clock["due_at"]))
    if due_on <= china_day(now):
        return "today"
    return "soon" if clock["working_days_left"] <= 2 else "later"
