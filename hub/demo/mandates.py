"""Mandates of the demo's people: recorded, on their way to be revoked, revoked, refused and ended; and a deduction."""

from datetime import date, timedelta

from hub.demo.people import CARDHOLDERS, CITIC, CMB, ICBC, Person
from hub.domain.actor import Actor
from hub.domain.china import china_day
from hub.domain.client import Client
from hub.domain.deduction import Deduction
from hub.domain.mandate import MandateContents, MandateFrequency, PayeeKind, RevocationRefusal, RevocationRefused
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.delivery.bank_events import actor_of
from hub.services.mandates import answering, deductions, looking, mandates, revoking
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.records import MandateRecord

_COMPANY = "某支付有限公司（演示）"
_CLAUSE = "第八条：借款结清之前，借款人不单独撤回代扣授权。"


def add(hub: Hub, client: Client, actor: Actor) -> None:
    """Whoever signs in at the demo's door has mandates in every status, and one deduction that they reported."""
    for person in CARDHOLDERS.values():
        with hub.writing(actor) as tx:
            subject = subjects.of_client(tx, client.id, person.subject)
            today = china_day(tx.now)
            recorded = _added(tx, subject, person, today, use="还贷款", payee=ICBC, bank=CMB)
            _added(tx, subject, person, today, use="会员费", payee=None, bank=CITIC)
            deductions.report(
                tx,
                subject,
                Deduction(
                    at=tx.now - timedelta(hours=20),
                    amount_fen=260_000,
                    account_last4="4401",
                    mandate_id=recorded.id,
                    text="这一期已经还过，又扣了一次。",
                ),
            )
            ended = _added(tx, subject, person, today, use="交保费", payee=None, bank=CMB, is_over=True)
            ended.look_at = tx.now
            looking.look(tx, ended.id)
            asked = [_revoked(tx, subject, person, today, use=use) for use in ("还信用卡", "还消费贷", "还网贷")]
        _answered(hub, asked[1:])


def _answered(hub: Hub, asked: list[str]) -> None:
    """The first is confirmed, and the second refused by everybody."""
    confirmed, refused = asked
    with hub.writing(actor_of(ICBC)) as tx:
        answering.confirm(tx, confirmed, bank_code=ICBC)
    no = RevocationRefused(reason=RevocationRefusal.REQUIRED_BY_CONTRACT, text=_CLAUSE)
    for code in (ICBC, CMB):
        with hub.writing(actor_of(code)) as tx:
            answering.refuse(tx, refused, no, bank_code=code)


def _added(
    tx: HubTransaction,
    subject: Subject,
    person: Person,
    today: date,
    *,
    use: str,
    payee: str | None,
    bank: str,
    is_over: bool = False,
) -> MandateRecord:
    begun = today - timedelta(days=200)
    contents = MandateContents(
        payee_kind=PayeeKind.PAYMENT_COMPANY if payee is None else PayeeKind.CREDITOR,
        payee_code=payee,
        payee_name=_COMPANY if payee is None else None,
        account_bank=bank,
        account_last4="4401",
        use=use,
        cap_fen=500_000 if payee else 2_500,
        frequency=MandateFrequency.MONTHLY,
        valid_from=begun,
        valid_to=today - timedelta(days=1) if is_over else today + timedelta(days=400),
        next_on=begun if is_over else today + timedelta(days=9),
        source_doc="借款合同第八条" if payee else "手机应用里的自动续费",
        mobile=person.mobile,
    )
    return mandates.add(tx, subject, contents)


def _revoked(tx: HubTransaction, subject: Subject, person: Person, today: date, *, use: str) -> str:
    """The id of the revocation of a further mandate."""
    record = _added(tx, subject, person, today, use=use, payee=ICBC, bank=CMB)
    code = revoking.send_code(tx, subject, record.id).code
    revoking.revoke(tx, subject, record.id, name=person.name, code=code)
    return record.revocation_id or ""
