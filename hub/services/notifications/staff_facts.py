"""What a bank's people are told beside single negotiations: the list of a morning, a week in figures, an account."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from hub.domain.answers import span_of, week_of
from hub.domain.approval import has_turn
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.own_settings import ChangeStatus
from hub.domain.staff import Role
from hub.mail.facts import Facts, WeekFigures
from hub.mail.kinds import GIVEN, LADDER, MailKind
from hub.services.accounts.staff import preferences_of
from hub.services.notifications.case_lists import facts_of_list, line_of, to_reader
from hub.services.notifications.colleagues import colleagues, name_of
from hub.services.notifications.mail_outcome import OVERTAKEN, Settled
from hub.services.notifications.staff_mails import digest_key
from hub.services.transaction import HubTransaction
from storage import answers, clocks, desk_figures, mail_seals, mails, offers, staff
from storage.mails import MailStatus
from storage.records import BankChangeRecord, MailRecord, NegotiationRecord, StaffRecord

_WEEK = timedelta(days=7)


def hindrance_of(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> Settled | None:
    """Why this one person is not told: they do not want it, it is another's now, or they have it in their list."""
    person = None if mail.staff_id is None else staff.find(tx, mail.staff_id)
    if person is None or not person.active:
        return Settled(status=MailStatus.NOT_NEEDED, detail="the person has left the bank")
    chosen = preferences_of(person)
    wanted = {
        MailKind.DAILY_DIGEST: chosen.daily_digest,
        MailKind.WEEKLY_REPORT: chosen.daily_digest,
        **dict.fromkeys(GIVEN, chosen.assigned_mails),
    }
    if not wanted.get(kind, True):
        return Settled(status=MailStatus.NOT_NEEDED, detail="the person has turned it off")
    if kind in (MailKind.DAILY_DIGEST, MailKind.WEEKLY_REPORT) and china_day(mail.not_before) != china_day(tx.now):
        return OVERTAKEN
    if kind == MailKind.ASSIGNED and _owner_of(tx, mail) != person.id:
        return OVERTAKEN
    if kind in LADDER and _stood_in_the_list(tx, mail):
        return Settled(status=MailStatus.NOT_NEEDED, detail="told in the list of the morning")
    return None


def _owner_of(tx: HubTransaction, mail: MailRecord) -> str | None:
    return tx.session.get_one(NegotiationRecord, mail.negotiation_id).owner_id


def _stood_in_the_list(tx: HubTransaction, mail: MailRecord) -> bool:
    told = mails.find_by_key(tx, f"{digest_key(mail.bank_code, china_day(mail.not_before))}:{mail.staff_id}")
    return told is not None and told.status == MailStatus.SENT and _owner_of(tx, mail) == mail.staff_id


def facts_of(tx: HubTransaction, mail: MailRecord, bank: Bank) -> Facts | None:
    """What the mail says; None where it has nothing to say."""
    person = None if mail.staff_id is None else staff.find(tx, mail.staff_id)
    if person is None:
        return None
    said = to_reader(tx, mail, bank)
    if mail.kind == MailKind.DAILY_DIGEST:
        return _digest(tx, person, bank, said)
    return _FACTS[MailKind(mail.kind)](tx, mail, bank, said)


def _digest(tx: HubTransaction, person: StaffRecord, bank: Bank, said: dict[str, Any]) -> Facts | None:
    lines = [
        line_of(tx, negotiation, clock.due_at)
        for clock, negotiation in desk_figures.running_of_owner(tx, bank.code, person.id)
        if not clocks.answer_time_of(clock).is_paused
    ]
    said["reviews"] = sum(
        has_turn(offers.approvals_of(offer), person=staff.actor_of(person), role=Role(person.role), maker=offer.made_by)
        for offer in desk_figures.awaiting_approval(tx, bank.code)
    )
    if person.role == Role.SUPERVISOR:
        said["unassigned"] = desk_figures.count_unassigned(tx, bank.code)
    if not (lines or said["reviews"] or said.get("unassigned")):
        return None
    return facts_of_list(tx, MailKind.DAILY_DIGEST, lines, bank, said)


def _facts(tx: HubTransaction, mail: MailRecord, bank: Bank, said: Mapping[str, Any], path: str, **more: Any) -> Facts:
    return Facts(
        kind=MailKind(mail.kind),
        reference="",
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        is_lender=not bank.standing.is_bank,
        link=f"{tx.public_url}{path}",
        **said,
        **more,
    )


def _without_settings(said: Mapping[str, Any]) -> dict[str, Any]:
    """`said` of a mail that cannot be switched off."""
    return {name: value for name, value in said.items() if name != "settings_link"}


def _report(tx: HubTransaction, mail: MailRecord, bank: Bank, said: dict[str, Any]) -> Facts | None:
    """The week before, counted as the dashboard counts it; None of one in which nothing came out."""
    week = week_of(mail.not_before) - _WEEK
    first, before = span_of(week)
    counted = answers.count_span(tx, bank.code, first, before)
    of_all = _figures("", counted.get((answers.ALL, ""), (0, 0)))
    if not of_all.due:
        return None
    names = colleagues(tx, bank.code).team_names
    teams = [
        _figures(names.get(name, "没有小组"), figures)
        for (by, name), figures in counted.items()
        if by == answers.TEAM and name in {*names, answers.NOBODY}
    ]
    return _facts(
        tx,
        mail,
        bank,
        said,
        f"/portal/answers?week={week}",
        week=(of_all, *sorted(teams, key=lambda each: each.name)),
        first_day=first,
        last_day=before - timedelta(minutes=1),
    )


def _figures(name: str, counted: tuple[int, int]) -> WeekFigures:
    in_time, late = counted
    return WeekFigures(name=name, due=in_time + late, in_time=in_time, late=late)


def _change(tx: HubTransaction, mail: MailRecord, bank: Bank, said: dict[str, Any]) -> Facts | None:
    change = tx.session.get_one(BankChangeRecord, mail.about_id)
    waits = mail.kind == MailKind.BANK_CHANGE_ASKED
    # Whoever asked cannot confirm it, and what is decided waits for nobody.
    if waits and (change.status != ChangeStatus.ASKED or change.asked_by == mail.staff_id):
        return None
    return _facts(
        tx,
        mail,
        bank,
        said,
        "/portal/bank",
        changes=len(change.words),
        owner=name_of(tx, staff.find(tx, change.asked_by)),
    )


def _readings(tx: HubTransaction, mail: MailRecord, bank: Bank, said: dict[str, Any]) -> Facts:
    return _facts(
        tx, mail, bank, _without_settings(said), "/portal/audit", owner=name_of(tx, staff.find(tx, mail.about_id))
    )


def _of_account(tx: HubTransaction, mail: MailRecord, bank: Bank, said: dict[str, Any]) -> Facts:
    return _facts(tx, mail, bank, _without_settings(said), "/portal/sessions", deadline=mail.tells)


def _enrolment(tx: HubTransaction, mail: MailRecord, bank: Bank, said: dict[str, Any]) -> Facts | None:
    token = mail_seals.token_of(tx, mail)
    if token is None:
        return None
    return _facts(tx, mail, bank, _without_settings(said), f"/sign-in/enrol/{token}", deadline=mail.tells)


_FACTS: Mapping[MailKind, Callable[[HubTransaction, MailRecord, Bank, dict[str, Any]], Facts | None]] = {
    MailKind.WEEKLY_REPORT: _report,
    MailKind.BANK_CHANGED: _change,
    MailKind.BANK_CHANGE_ASKED: _change,
    MailKind.RECOVERY_CODE_USED: _of_account,
    MailKind.NEW_DEVICE: _of_account,
    MailKind.MANY_READINGS: _readings,
    MailKind.OTHER_PERSON: _readings,
    MailKind.ENROLMENT: _enrolment,
}
