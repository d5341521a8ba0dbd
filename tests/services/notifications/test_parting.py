"""A person who was erased is told of it once, and then their address is gone too; what they took back is confirmed."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from hub.domain.actor import HUB
from hub.domain.retention import Periods
from hub.services.consents import withdrawal
from hub.services.erasure import requests
from hub.services.notifications import outgoing_sms
from storage import mails
from storage.records import MailRecord
from tests import applications
from tests.conftest import SentMessages
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.posting import PERSON, Posting

BANK_OR_SUM = ("工商银行", "Industrial", "元", "¥", "18,5", "sensitive", "敏感")


@pytest.fixture
def posting(case: Case) -> Posting:
    """The mails of the case, what was due before sent already."""
    posting = Posting(hub=case.hub, clock=case.clock)
    posting.send()
    return posting


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that its bank has."""
    return open_case()


def erase(case: Case) -> None:
    case.reject()
    with case.hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, case.view()["reference"], Periods.parse(""))


def told(posting: Posting, subject: str) -> EmailMessage:
    [mail] = [each for each in posting.kept.sent if subject in each["Subject"]]
    return mail


def words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def of_erasure(case: Case) -> list[MailRecord]:
    with case.hub.reading(HUB) as tx:
        found = [each for each in mails.list_of(tx, case.id) if each.kind == "erased"]
        tx.session.expunge_all()
    return found


def test_a_withdrawal_is_confirmed(case: Case, posting: Posting) -> None:
    for _ in range(2):
        with case.hub.writing(case.cardholder) as tx:
            withdrawal.withdraw(tx, case.id, "sensitive_data", client_id=case.client_id)
    posting.send()
    mail = told(posting, "撤回同意已经生效")
    assert mail["To"] == PERSON
    assert "What you took back is in force" in words(mail)
    assert not [each for each in BANK_OR_SUM if each in words(mail)]


def test_an_erasure_is_confirmed_and_the_address_goes_with_it(case: Case, posting: Posting) -> None:
    erase(case)
    [waiting] = of_erasure(case)
    assert waiting.token_sealed is not None
    posting.send()
    mail = told(posting, "您的资料已按您的要求删除")
    assert mail["To"] == PERSON
    assert "What you asked to be erased is gone" in words(mail)
    assert not [each for each in BANK_OR_SUM if each in words(mail)]
    [sent] = of_erasure(case)
    assert (sent.status, sent.token_sealed) == ("sent", None)
    assert posting.later(days=1) == []


def test_whoever_has_no_mail_gets_a_text_message(open_case: OpenCase, sms: SentMessages) -> None:
    case = open_case(applicant={**applicant_without_mail()})
    erase(case)
    outgoing_sms.send_due(case.hub, sms, case.clock)
    assert "资料已按您的要求删除" in sms.sent[-1][1]
    [sent] = of_erasure(case)
    assert (sent.channel, sent.status, sent.token_sealed) == ("sms", "sent", None)


def applicant_without_mail() -> dict[str, object]:
    return {**applications.person(), "email": None}
