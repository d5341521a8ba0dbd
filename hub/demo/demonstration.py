"""Demo data: people, banks and negotiations with a past, made by the same services that a real day would call.

Nothing here writes a row by itself. The stories are dated backwards from today, so clocks are overdue, offers run
out and agreements are being paid when somebody opens the demo.
"""

import io
from collections.abc import Callable
from contextlib import closing
from datetime import date, time, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from hub.demo import people as demo_people
from hub.demo.people import CITIC, CLIENT_NAME, CMB, ICBC, Person
from hub.demo.stories import BROKEN, SHUT, SHUT_FOR_NOW, STORIES, UNSEEN, ShutDoor, Story
from hub.documents.printing import print_pdf
from hub.domain import application as form
from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.affordability import Finances
from hub.domain.application import Application, EvidenceReference
from hub.domain.china import china_day, china_instant
from hub.domain.clock import FixedClock
from hub.domain.consent import TEXTS_IN_FORCE, Purpose
from hub.domain.errors import Unusable
from hub.domain.evidence import EvidenceKind
from hub.domain.identifiers import IdType
from hub.domain.offer import OfferBy
from hub.domain.review import RejectionReason
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.mail.senders import MailFolder
from hub.services.accounts import client_accounts
from hub.services.agreements import acceptance, confirmation_codes, payments
from hub.services.agreements.agreement_views import payment_rows
from hub.services.applications import intake, screening
from hub.services.delivery import queueing, sending
from hub.services.documents.printing import Printer
from hub.services.evidence import evidence_files, judging
from hub.services.evidence.evidence_files import Upload
from hub.services.negotiations import correspondence, offering, review, withdrawal
from hub.services.notifications import outgoing_mail
from hub.services.operating import banks, sweeps
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import negotiations
from storage.clients import Client
from storage.offers import list_open

BANKS = (
    (ICBC, "中国工商银行", "Industrial and Commercial Bank of China", "95588", "icbc"),
    (CMB, "招商银行", "China Merchants Bank", "95555", "cmb"),
    (CITIC, "中信银行", "China CITIC Bank", "95558", "citic"),
)


class Stage:
    """The hub with a clock that stands at the story's moment."""

    def __init__(self, hub: Hub, printer: Printer) -> None:
        self.now = hub.clock.now()
        self._clock = FixedClock(self.now)
        # Kept as files wherever real mail goes: what is told of an invented past reaches nobody.
        folder = MailFolder(hub.settings.home / "mail", hub.settings.public_url)
        self.hub = Hub(hub.settings, clock=self._clock, mail=folder)
        self._printer = printer

    def at(self, day: date, at: time = time(10, 0)) -> None:
        """It is that time in China, but never later than it really is; what was due until then has happened."""
        self._clock.at = min(china_instant(day, at), self.now)
        sweeps.run_due(self.hub)
        outgoing_mail.send_due(self.hub, self.hub.mail, self.hub.real_clock)

    def today(self) -> date:
        """The day it is in China."""
        return china_day(self._clock.at)

    def clerk(self, bank_code: str) -> Actor:
        """The bank's reviewer of the demo."""
        with self.hub.reading(HUB) as tx:
            return demo_people.account(tx, f"reviewer-{bank_code}").actor

    def screen(self, argument: str) -> None:
        """The application or negotiation is screened."""
        screening.screen(self.hub, self._printer, self.hub.store, argument)

    def knock(self, argument: str, door: ShutDoor) -> None:
        """The application or negotiation is screened, and a bank's system that is shut was tried once."""
        with closing(Hub(self.hub.settings, clock=self._clock, adapters=[door], mail=self.hub.mail)) as outside:
            screening.screen(outside, self._printer, outside.store, argument)
            with outside.reading(HUB) as tx:
                jobs = queueing.jobs_due(tx, limit=sweeps.LOT)
            for job in jobs:
                sending.deliver(outside, outside.store, job.argument)

    def print_agreement(self, negotiation_id: str) -> None:
        """The agreement's paper is printed."""
        acceptance.print_agreement(self.hub, self._printer, self.hub.store, negotiation_id)

    def close(self) -> None:
        """The connections of this hub are closed; the one it was made of stays open."""
        self.hub.close()


def _cardholder(client: Client) -> Actor:
    return Actor(party=Party.CARDHOLDER, id=f"client/{client.id}", channel=Channel.APP)


def require_fit(hub: Hub) -> None:
    """Nothing, but `Unusable` in production: invented people have no place beside real ones."""
    if not hub.settings.embedded:
        raise Unusable("demo data is for the embedded default (HUB_ENV=embedded); nothing was changed")


def is_there(hub: Hub) -> bool:
    """Whether the hub holds banks already, so that demo data has no place in it."""
    with hub.reading(HUB) as tx:
        return bool(banks.list_all(tx))


def fill(hub: Hub, printer: Printer = print_pdf, told: Callable[[str], None] = lambda _: None) -> None:
    """An empty hub holds banks, people and negotiations with a past. `told` hears of each story as it is done."""
    with closing(Stage(hub, printer)) as stage:
        _fill(stage, hub, printer, told)


def _fill(stage: Stage, hub: Hub, printer: Printer, told: Callable[[str], None]) -> None:
    with hub.writing(HUB) as tx:
        for code, name_zh, name_en, hotline, word in BANKS:
            settings = {
                "hotline": hotline,
                "desk_email": f"desk@{word}.example",
                "complaint_channel": f"{hotline} 转投诉",
            }
            banks.add(tx, code=code, name_zh=name_zh, name_en=name_en, adapter="portal", settings=settings)
        scopes = [each for each in client_accounts.SCOPES if each != client_accounts.BANK_SCOPE]
        client, _ = client_accounts.add(tx, name=CLIENT_NAME, scopes=scopes, bank_code=None)
        demo_people.add_accounts(tx)
    payslip = printer(_paper("工资单", "本月实发工资 6,200.00 元"))
    bill = printer(_paper("医疗费用单据", "住院费用合计 12,480.00 元"))
    for number, story in enumerate(STORIES, start=1):
        _tell(stage, client, Person(name=story.name, number=number), story, (payslip, bill))
        told(story.name)
    stage.at(china_day(stage.now) + timedelta(days=1))


def _paper(title: str, line: str) -> str:
    return f'<html lang="zh-CN"><title>{title}</title><h1>{title}（示例）</h1><p>{line}</p></html>'


def _tell(stage: Stage, client: Client, person: Person, story: Story, papers: tuple[bytes, bytes]) -> None:
    sent_on = china_day(stage.now) - timedelta(days=story.days_ago)
    stage.at(sent_on)
    broken = story.has(BROKEN)
    files = [
        _upload(stage, client, EvidenceKind.PAYSLIP, papers[0][: 200 if broken else None]),
        _upload(stage, client, EvidenceKind.MEDICAL_BILL, papers[1]),
    ]
    with stage.hub.writing(_cardholder(client)) as tx:
        sent = intake.submit(tx, _application(person, list(story.plots), files, sent_on), client_id=client.id)
    if story.has(UNSEEN):
        return
    # In one lot, so that few jobs are left for the worker that starts next.
    reasons = iter(("unreadable" if broken else None, None))
    judging.judge(stage.hub, stage.hub.store, lambda *_: next(reasons), [file.id for file in files])
    if story.has(SHUT) or story.has(SHUT_FOR_NOW):
        stage.knock(sent, ShutDoor(for_good=story.has(SHUT)))
    else:
        stage.screen(sent)
    with stage.hub.reading(HUB) as tx:
        opened = {each.bank_code: each.id for each in negotiations.list_of_application(tx, sent)}
    for days, bank_code, word in story.steps():
        stage.at(sent_on + timedelta(days=days), time(15, 0))
        _STEPS[word](stage, client, opened[bank_code], bank_code)


def _upload(stage: Stage, client: Client, kind: EvidenceKind, data: bytes) -> EvidenceReference:
    names = {EvidenceKind.PAYSLIP: "工资单.pdf", EvidenceKind.MEDICAL_BILL: "医疗费用.pdf"}
    upload = Upload(
        client_id=client.id,
        subject=None,
        kind=kind,
        file_name=names[kind],
        declared_type="application/pdf",
        length=len(data),
    )
    stored = evidence_files.receive(stage.hub.store, upload, io.BytesIO(data).read)
    with stage.hub.writing(_cardholder(client)) as tx:
        evidence_files.keep(tx, stored)
    return EvidenceReference(id=stored.file.id, kind=kind)


def _application(person: Person, bank_codes: list[str], files: list[EvidenceReference], sent_on: date) -> Application:
    given_at = china_instant(sent_on, time(9, 50))
    consents = [
        form.Consent(purpose=text.purpose, version=text.version, given_at=given_at)
        for text in TEXTS_IN_FORCE
        if text.purpose != Purpose.SHARE_WITH_BANK
    ]
    consents += [
        form.Consent(purpose=Purpose.SHARE_WITH_BANK, version="2026-11", given_at=given_at, bank_code=code)
        for code in bank_codes
    ]
    return Application(
        channel=form.Channel.APP,
        applicant=form.Applicant(
            subject=person.subject,
            name=person.name,
            id_type=IdType.RESIDENT_ID,
            id_number=person.id_number,
            mobile=person.mobile,
            email=f"person{person.number}@cardholders.example",
        ),
        accounts=tuple(
            form.Account(
                bank_code=code,
                card_number=person.card(code),
                principal_fen=1_200_000 + 90_000 * person.number + 50_000 * place,
                interest_fen=46_200,
                fees_fen=0,
                penalty_fen=12_000,
                overdue_since=sent_on - timedelta(days=70),
            )
            for place, code in enumerate(bank_codes)
        ),
        hardship=form.Hardship(
            reasons=(form.HardshipReason.ILLNESS, form.HardshipReason.INCOME_DROP),
            since=sent_on - timedelta(days=120),
            description="家人住院，收入减少，希望分期归还。",
        ),
        finances=Finances(
            monthly_income_fen=620_000,
            monthly_essential_spending_fen=410_000,
            other_debt_payments_fen=90_000,
            dependants=2,
        ),
        proposal=form.Proposal(
            kind=Kind.INSTALMENTS,
            first_due_on=sent_on + timedelta(days=45),
            instalments=36,
            monthly_payment_fen=60_000,
            waive_interest=True,
        ),
        evidence=tuple(files),
        consents=tuple(consents),
    )


def _terms(tx: HubTransaction, stage: Stage, negotiation: str, *, instalments: int) -> Terms:
    row = negotiations.find_negotiation(tx, negotiation)
    assert row is not None  # noqa: S101 - the story is about it
    owed = offering.declared_balances(tx, row)
    return Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=sum(each.principal_fen for each in owed),
        first_due_on=stage.today() + relativedelta(days=20),
        waived=Waived(interest_fen=46_200, penalty_fen=12_000),
        instalments=instalments,
        annual_rate_percent=Decimal("3.60"),
        method=Method.EQUAL_INSTALMENT,
    )


def _acknowledge(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code)) as tx:
        review.acknowledge(tx, negotiation, bank_code=bank_code)


def _ask(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code)) as tx:
        kinds = [EvidenceKind.BANK_STATEMENT]
        review.request_evidence(tx, negotiation, kinds, "请补充最近三个月的工资流水。", bank_code=bank_code)


def _answer(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    with stage.hub.writing(_cardholder(client)) as tx:
        words = "工资改为现金发放，没有流水，单位可以出具证明。"
        correspondence.write_to_bank(tx, negotiation, words, [], answers=True, client_id=client.id)


def _offer(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code)) as tx:
        proposed = offering.Proposed(terms=_terms(tx, stage, negotiation, instalments=36))
        offering.make_offer(tx, negotiation, proposed, bank_code=bank_code)


def _counter(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    with stage.hub.writing(_cardholder(client)) as tx:
        offering.counter(tx, negotiation, _terms(tx, stage, negotiation, instalments=60), client_id=client.id)


def _open_offer(stage: Stage, negotiation: str) -> str:
    with stage.hub.reading(HUB) as tx:
        return list_open(tx, negotiation, OfferBy.BANK)[-1].id


def _accept(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    offer = _open_offer(stage, negotiation)
    with stage.hub.writing(_cardholder(client)) as tx:
        code = confirmation_codes.send(tx, negotiation, offer, client_id=client.id).text[:6]
        acceptance.accept(tx, negotiation, offer, code, client_id=client.id)
    stage.print_agreement(negotiation)


def _decline(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    offer = _open_offer(stage, negotiation)
    with stage.hub.writing(_cardholder(client)) as tx:
        offering.decline(tx, negotiation, offer, "每月还不了这么多。", client_id=client.id)


def _reject(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code)) as tx:
        words = "按您目前的收入，可以先选择账单分期；情况有变化时欢迎再次申请。"
        review.reject(tx, negotiation, RejectionReason.CAN_AFFORD, words, bank_code=bank_code)


def _withdraw(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    with stage.hub.writing(_cardholder(client)) as tx:
        withdrawal.withdraw(tx, negotiation, "家人已帮忙还清。", client_id=client.id)


def _pay(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code)) as tx:
        [row, *_] = payment_rows(tx, payments.agreement_of_bank(tx, negotiation, bank_code=bank_code))
        payments.record_payment(
            tx,
            negotiation,
            number=row.number,
            paid_on=stage.today(),
            amount_fen=row.open_fen,
            bank_code=bank_code,
        )


_STEPS: dict[str, Callable[[Stage, Client, str, str], None]] = {
    "ack": _acknowledge,
    "ask": _ask,
    "answer": _answer,
    "offer": _offer,
    "counter": _counter,
    "accept": _accept,
    "decline": _decline,
    "reject": _reject,
    "withdraw": _withdraw,
    "pay": _pay,
}
