"""Mails about requests: each once ever, a list where there are several, and nothing of bank, sum or card."""

from email.message import EmailMessage

import pytest

from hub.domain.actor import HUB
from hub.domain.service_request import RequestKind
from hub.domain.staff import Role
from hub.services.accounts import staff, staff_preferences
from hub.services.operating import many_readings, operator_tasks
from hub.services.requests import owning, showing
from storage import banks as bank_rows
from storage.records import MailRecord
from tests.applications import BANK_NAMES, ICBC
from tests.services.desk import Desk, acts, address
from tests.services.posting import DESK, Posting
from tests.services.requests.asking import Asking, Happens

PERSON = {"email": "me@example.com"}


@pytest.fixture
def posting(asking: Asking) -> Posting:
    """A bank with a desk and a supervisor, on a Friday."""
    posting = Posting(hub=asking.hub, clock=asking.clock)
    posting.at("2026-11-27 10:00")
    with asking.hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"desk_email": DESK})
        staff.add(tx, role=Role.SUPERVISOR, email="lead@icbc.example", bank_code=ICBC, at=tx.now)
    return posting


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _told(asking: Asking) -> list[tuple[str, str, str]]:
    with asking.hub.reading(HUB) as tx:
        rows = tx.session.query(MailRecord).order_by(MailRecord.id)
        return [(row.kind, row.reader, row.status) for row in rows]


def test_the_desk_is_told_of_what_arrived_and_of_several_in_one_list(asking: Asking, posting: Posting) -> None:
    first, second = asking.opened(ICBC).row(), asking.opened(ICBC).row()
    posting.send()
    (mail,) = posting.kept.sent
    assert (mail["To"], "2 件" in mail["Subject"]) == (DESK, True)
    text = _text_of(mail)
    assert first.reference in text
    assert second.reference in text


def test_the_ladder_reminds_once_a_step_and_a_late_answer_is_told_desk_supervisor_and_person(
    asking: Asking, posting: Posting
) -> None:
    asking.opened(ICBC, contact=PERSON)
    for time in ("2026-11-30 09:00", "2026-11-30 09:30", "2026-12-01 09:00", "2026-12-02 09:00", "2026-12-02 18:01"):
        asking.at(time)
        posting.send()
    asking.at("2026-12-03 09:00")
    posting.send()
    kinds = [kind for kind, reader, _ in _told(asking) if reader != "colleague" and kind.startswith("request")]
    assert kinds.count("request_due") == 3
    assert sorted(kinds)[-3:] == ["request_late", "request_late", "request_unanswered"]
    to = {(mail["To"], mail["Subject"]) for mail in posting.kept.sent}
    assert {address for address, subject in to if "超时" in subject} == {DESK, "lead@icbc.example"}
    own = [mail for mail in posting.kept.sent if mail["To"] == "me@example.com"]
    assert [mail["Subject"].partition("（")[0] for mail in own] == ["您办理的事项还没有等到答复"]
    text = _text_of(own[0])
    assert f"/my/requests/{asking.matter_id}" in text
    assert not any(name in text for names in BANK_NAMES.values() for name in names)
    assert "1,234" not in text


def test_nobody_is_reminded_of_what_was_answered(asking: Asking, posting: Posting) -> None:
    asking.opened(ICBC, contact=PERSON).move(Happens.ANSWERED)
    asking.at("2026-12-03 09:00")
    posting.send()
    assert {kind for kind, _, _ in _told(asking) if kind.startswith("request")} == {"request_arrived"}


@pytest.fixture
def clerk(asking: Asking, posting: Posting) -> str:
    """The id of a colleague to whom requests are given."""
    return Desk(hub=asking.hub).person("吴")


def give(asking: Asking, owner_id: str | None, *, by: str = "lead", seen: str | None = None) -> None:
    with asking.hub.writing(acts(by)) as tx:
        owning.assign(tx, asking.matter_id, bank_code=ICBC, owner_id=owner_id, seen_owner=seen)


def to_clerk(posting: Posting) -> list[EmailMessage]:
    return [mail for mail in posting.kept.sent if mail["To"] == address("吴", ICBC)]


def test_a_colleague_who_is_given_a_request_is_told_a_moment_later_and_once(
    asking: Asking, posting: Posting, clerk: str
) -> None:
    row = asking.opened(ICBC).row()
    give(asking, clerk)
    posting.send()
    assert to_clerk(posting) == []
    posting.later(minutes=1)
    posting.later(minutes=5)
    [mail] = to_clerk(posting)
    assert mail["Subject"].startswith("【分派给您】" + row.reference)
    assert f"/portal/requests/{row.matter_id}" in _text_of(mail)


def test_several_given_one_by_one_are_one_list(asking: Asking, posting: Posting, clerk: str) -> None:
    given = []
    for _ in range(3):
        given.append(asking.opened(ICBC).row().reference)
        give(asking, clerk)
        posting.later(seconds=20)
    posting.later(minutes=1)
    [mail] = to_clerk(posting)
    assert all(each in _text_of(mail) for each in given)


@pytest.mark.parametrize("why", ["took it", "given back", "turned off", "left"])
def test_who_took_it_has_it_no_more_or_wants_no_mails_is_told_nothing(
    asking: Asking, posting: Posting, clerk: str, why: str
) -> None:
    asking.opened(ICBC)
    give(asking, clerk, by=clerk if why == "took it" else "lead")
    if why == "given back":
        give(asking, None, seen=clerk)
    elif why == "turned off":
        with asking.hub.writing(HUB) as tx:
            account = staff.get_of_bank(tx, clerk, bank_code=ICBC)
            staff_preferences.choose(tx, account, assigned_mails=False)
    elif why == "left":
        Desk(hub=asking.hub).leaves("吴")
    posting.later(minutes=2)
    assert to_clerk(posting) == []


def test_supervisors_are_told_once_an_hour_of_many_reveals_of_requests(asking: Asking, posting: Posting) -> None:
    rows = [asking.opened(ICBC).row() for _ in range(2)]
    with asking.hub.writing(acts("clerk")) as tx:
        for row in rows:
            showing.note_shown(
                tx, row.matter_id, "核对", bank_code=ICBC, kind=RequestKind.DEDUCTION, is_one_too_many=True
            )
    posting.send()
    [mail] = [each for each in posting.kept.sent if each["To"] == "lead@icbc.example"]
    assert mail["Subject"].startswith("【查看完整信息较多】" + rows[0].reference)
    assert f"/portal/requests/{rows[0].matter_id}" in _text_of(mail)


def test_reveals_of_requests_count_as_those_of_cases(
    asking: Asking, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_readings, "MANY_IN_FULL", 2)
    for told in (0, 1):
        row = asking.opened(ICBC).row()
        with asking.hub.writing(acts("clerk")) as tx:
            for _ in range(2):
                showing.note_shown(tx, row.matter_id, "核对", bank_code=ICBC, kind=RequestKind.DEDUCTION)
        with asking.hub.reading(HUB) as tx:
            kinds = [each.kind for each in operator_tasks.open_tasks(tx)]
            assert kinds.count("many_cases_read") == told
