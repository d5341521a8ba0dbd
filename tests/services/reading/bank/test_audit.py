"""The audit of a bank: deeds and readings in one list, narrowed, page by page, and no other bank's."""

from datetime import date, timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.audit_question import AuditQuestion, AuditTopic
from hub.domain.paging import Page
from hub.services.operating import audit as audit_lines
from hub.services.operating.audit import AuditKind
from hub.services.reading.bank.audit import TOPICS, AuditShown, list_lines
from storage import access_log
from tests.applications import CMB, ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.services.conftest import OpenCase
from tests.storage.statements import plans_of, sent_by

WHO = "a" * 32
CLERK = Actor(party=Party.BANK, id=f"staff/{WHO}", channel=Channel.PORTAL)


def lines(of: Case, bank_code: str = ICBC, **asked: Any) -> list[AuditShown]:
    with of.hub.reading(HUB) as tx:
        return list(list_lines(tx, bank_code, AuditQuestion(**asked), page=Page(limit=99)).rows)


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A case of ICBC about which somebody did three things in three days, beside one of another bank."""
    case, theirs = open_case(), open_case(CMB)
    for each in (case, theirs):
        with each.row() as (_, row):
            reference = row.reference
        with each.hub.writing(CLERK) as tx:
            audit_lines.note(tx, AuditKind.SIGNED_IN, "clerk@b.cn", bank_code=each.bank_code)
        each.clock.at += timedelta(days=1)
        with each.hub.writing(CLERK) as tx:
            access_log.note(tx, each.id, bank_code=each.bank_code, actor=CLERK, what="in_full/identity/来电")
            audit_lines.note(tx, AuditKind.CASE_ASSIGNED, reference, bank_code=each.bank_code, owner="周敏", before="")
        each.clock.at += timedelta(days=1)
        with each.hub.writing(HUB) as tx:
            audit_lines.note(tx, AuditKind.BANK_SET, each.bank_code, bank_code=each.bank_code, keys=["four_eyes"])
        each.clock.at -= timedelta(days=2)
    return case


def kinds(found: list[AuditShown]) -> list[str]:
    return [each.line.kind for each in found]


def test_deeds_and_readings_stand_in_one_list_the_newest_first(case: Case) -> None:
    found = lines(case)
    assert kinds(found)[0] == "bank_set"
    assert set(kinds(found)) == {"bank_set", "case_assigned", "read", "signed_in"}
    assert [each.line.at for each in found] == sorted((each.line.at for each in found), reverse=True)
    [assigned] = [each.line for each in found if each.line.kind == "case_assigned"]
    assert (assigned.negotiation_id, assigned.about) == (case.id, "")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"topic": AuditTopic.SIGN_INS}, ["signed_in"]),
        ({"topic": AuditTopic.REVEALS}, ["read"]),
        ({"topic": AuditTopic.READINGS}, []),
        ({"topic": AuditTopic.ASSIGNMENTS}, ["case_assigned"]),
        ({"topic": AuditTopic.SETTINGS}, ["bank_set"]),
        ({"topic": AuditTopic.OTHERS}, []),
        ({"who": "b" * 32}, []),
        ({"since": date(2026, 11, 23)}, ["bank_set"]),
        ({"until": date(2026, 11, 21)}, ["signed_in"]),
        ({"since": date(2026, 11, 22), "until": date(2026, 11, 22), "who": WHO}, ["case_assigned", "read"]),
        ({"case": "XS-20200101-000000"}, []),
    ],
)
def test_a_question_narrows_the_list(case: Case, asked: dict[str, Any], expected: list[str]) -> None:
    assert sorted(kinds(lines(case, **asked))) == sorted(expected)


def test_a_case_has_its_deeds_and_readings(case: Case) -> None:
    with case.row() as (_, row):
        found = lines(case, case=row.reference)
        assert sorted(kinds(found)) == ["case_assigned", "read"]
        assert lines(case, CMB, case=row.reference) == []


def test_pages_follow_one_another_without_a_gap(case: Case) -> None:
    whole, seen, after = lines(case), [], None
    for _ in range(len(whole)):
        with case.hub.reading(HUB) as tx:
            found = list_lines(tx, ICBC, AuditQuestion(), page=Page(limit=1, after=after))
        seen += [each.line.id for each in found.rows]
        after = found.next_place
    assert seen == [each.line.id for each in whole]
    assert after is None


def test_what_another_banks_people_do_is_never_listed(case: Case) -> None:
    mine = [each.line.id for each in lines(case)]
    with case.hub.writing(HUB) as tx:
        audit_lines.note(tx, AuditKind.BANK_SET, CMB, bank_code=CMB)
        audit_lines.note(tx, AuditKind.CLOCK_MOVED)
    assert [each.line.id for each in lines(case)] == mine
    assert not set(mine) & {each.line.id for each in lines(case, CMB)}


def test_a_decision_of_four_eyes_is_there_by_who_made_it(open_case: OpenCase) -> None:
    case = open_case()
    case.approve(case.offer(LARGE_OFFER))
    assert "offer_approved" in {each.kind for each in _all_of(case)}


def _all_of(case: Case) -> list[audit_lines.AuditLine]:
    with case.hub.reading(HUB) as tx:
        return audit_lines.newest(tx)


def test_a_kind_belongs_to_one_topic_but_for_alarms() -> None:
    named = [kind for topic, those in TOPICS.items() for kind in those if topic is not AuditTopic.READINGS]
    assert len(named) == len(set(named))


def test_each_change_of_a_bank_its_people_and_teams_is_a_setting() -> None:
    changes = {kind for kind in AuditKind if kind.startswith(("bank_", "staff_", "team_"))} - {AuditKind.BANK_ADDED}
    assert changes <= set(TOPICS[AuditTopic.SETTINGS])


def test_no_question_reads_a_whole_table(case: Case) -> None:
    if not case.hub.database.on_sqlite:
        return
    questions: list[dict[str, Any]] = [{}, {"who": WHO}, {"case": "XS-1"}, {"since": date(2026, 11, 1)}]
    for asked in questions:
        with case.hub.reading(HUB) as tx:
            with sent_by(tx.session.connection()) as sent:
                list_lines(tx, ICBC, AuditQuestion(**asked), page=Page(limit=50))
            plans = plans_of(tx.session.connection(), sent)
        bad = ("SCAN audit_entry", "SCAN access_entry")
        assert [line for line in plans if any(each in line for each in bad)] == [], (asked, plans)
        assert asked or {"ix_access_entry_at", "ix_audit_entry_bank"} <= {
            word for line in plans for word in line.split()
        }
