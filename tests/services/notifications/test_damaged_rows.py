"""What is stored of one person can no longer be read: they alone are not told, and an operator learns of it."""

import pytest
import sqlalchemy as sa

from hub import health
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import EvidenceDamaged
from hub.findings import Part
from hub.mail.kinds import MailKind
from hub.services.notifications import channels, letters, outgoing_sms
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import mails
from storage.records import MailRecord, SubmissionRecord
from tests import applications
from tests.bent import bent
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.notifications.test_outgoing_sms import Gateway
from tests.services.posting import DESK, PERSON, Posting

OTHER = "other@example.com"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    set_rules(desk_email=DESK)
    return Posting(hub=hub, clock=clock)


def damage(case: Case) -> None:
    """One byte of what was submitted is another one."""
    of_case = SubmissionRecord.negotiation_id == case.id
    with case.hub.writing(HUB) as tx:
        sealed = tx.session.scalars(sa.select(SubmissionRecord.body_sealed).where(of_case)).one()
        changed = bent(sealed)
        if not case.hub.database.on_sqlite:
            # As somebody who may do anything, not as the application.
            tx.session.execute(sa.text("SET LOCAL ROLE NONE"))
        tx.session.execute(sa.update(SubmissionRecord).where(of_case).values(body_sealed=changed))


def failed_and_waiting(hub: Hub, case: Case) -> tuple[set[str | None], list[str]]:
    """Why mails failed, all of which are the damaged case's; and what still waits and is due."""
    with hub.reading(HUB) as tx:
        failed = mails.list_failed(tx)
        assert {each.negotiation_id for each in failed} == {case.id}
        waiting = sa.select(MailRecord.kind).where(MailRecord.status == "waiting", MailRecord.next_try_at <= tx.now)
        return {each.detail for each in failed}, list(tx.session.scalars(waiting))


@pytest.mark.parametrize("is_decided", [False, True])
def test_who_cannot_be_read_holds_up_no_mail_of_others(
    posting: Posting, open_case: OpenCase, hub: Hub, is_decided: bool
) -> None:
    damaged = open_case()
    open_case(applicant=applications.person(email=OTHER))
    if is_decided:
        channels.decide_due(hub, posting.machine)
    damage(damaged)
    readers = {reader for reader, _ in posting.send()}
    assert {OTHER, DESK} <= readers
    assert PERSON not in readers
    assert failed_and_waiting(hub, damaged) == ({"cannot be written: EvidenceDamaged"}, [])
    assert "refused for good" in health.look(hub, Part.MAIL).detail
    assert posting.send() == []


def test_who_cannot_be_read_holds_up_no_text_message_of_others(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    damaged = open_case(applicant=applications.person(email=None))
    other = open_case(applicant=applications.person(email=None, mobile="13700137001"))
    channels.decide_due(hub, posting.machine)
    damage(damaged)
    gateway = Gateway()
    outgoing_sms.send_due(hub, gateway, posting.machine)
    assert {to for to, _ in gateway.sent} == {"13700137001"}
    assert failed_and_waiting(hub, damaged)[0] == {"cannot be written: EvidenceDamaged"}
    with hub.reading(HUB) as tx:
        assert "sent" in {each.status for each in mails.list_of(tx, other.id)}


def test_a_mail_of_which_nobody_can_tell_whether_it_still_matters_holds_up_no_other(
    posting: Posting, open_case: OpenCase, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = open_case()
    open_case(applicant=applications.person(email=OTHER))

    def matters(_tx: HubTransaction, mail: MailRecord, _kind: MailKind) -> bool:
        if mail.negotiation_id == one.id:
            raise EvidenceDamaged("a sealed value was changed or moved")
        return True

    monkeypatch.setattr(letters, "still_matters", matters)
    assert OTHER in {reader for reader, _ in posting.send()}
    assert failed_and_waiting(hub, one) == ({"cannot be written: EvidenceDamaged"}, [])
