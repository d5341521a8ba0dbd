"""Partners and referrals of the demo: two lenders, and referrals in every status, from before anything was overdue."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from hub.banks.port import Incoming
from hub.demo.people import CARDHOLDERS, Person
from hub.demo.stage import Stage
from hub.domain.actor import Actor
from hub.domain.client import Client
from hub.domain.plain import canonical
from hub.domain.referral import HandedOver, Outcome, PartnerAnswer, ReferralConsent
from hub.domain.referral_consent import TEXT
from hub.domain.referral_partner import LoanExample, LoanKind, ReferralPartner
from hub.partners.port import PartnerAddress, PartnerCall, PartnerMessage
from hub.services.accounts import subjects
from hub.services.referrals import answering, handing_over, partners, referrals
from hub.services.transaction import HubTransaction

ANXIN, JINHUI = "anxin", "jinhui"
_PARTNERS: Final = (
    ReferralPartner(
        code=ANXIN,
        name_zh="安心消费金融（演示）",
        name_en="Anxin Consumer Finance (demo)",
        licence_no="L0000H000000001",
        kinds=(LoanKind.AT_THE_END, LoanKind.INSTALMENTS),
        max_annual_percent=Decimal("18.00"),
        example=LoanExample(principal_fen=1_000_000, cost_fen=8_000, months=1),
        url="https://anxin.example/",
        handover_url="https://anxin.example/referrals",
    ),
    ReferralPartner(
        code=JINHUI,
        name_zh="锦汇小额贷款（演示）",
        name_en="Jinhui Small Loans (demo)",
        licence_no="沪金贷 0000001",
        kinds=(LoanKind.INSTALMENTS,),
        max_annual_percent=Decimal("21.60"),
        example=LoanExample(principal_fen=2_000_000, cost_fen=168_000, months=12),
        url="https://jinhui.example/",
        handover_url="https://jinhui.example/referrals",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """One referral: whose, to whom, how long ago, and what became of it; `end` empty where nothing did."""

    person: str
    partner: str
    days_ago: int
    consents: bool = True
    end: str = ""


_STORIES: Final = (
    _Story(person="cardholder-1", partner=ANXIN, days_ago=55, consents=False),
    _Story(person="cardholder-2", partner=ANXIN, days_ago=18, end=Outcome.CONTRACTED),
    _Story(person="cardholder-2", partner=JINHUI, days_ago=17, end=Outcome.DECLINED),
    _Story(person="cardholder-3", partner=JINHUI, days_ago=16, end="revoked"),
    _Story(person="cardholder-3", partner=ANXIN, days_ago=8),
    _Story(person="cardholder-1", partner=JINHUI, days_ago=2, consents=False),
)


class _InventedPartners:
    """Lenders that take whatever they are told, where no lender is: nothing of the demo leaves the machine."""

    def __init__(self) -> None:
        self._answers = 0

    def tell(self, message: PartnerMessage, to: PartnerAddress) -> None:
        """It has it."""

    def read(self, incoming: Incoming, secret: str) -> PartnerCall:  # noqa: ARG002 - the port's
        """Whatever is said here is the story's."""
        self._answers += 1
        return PartnerCall(event_id=f"demo-{self._answers}", content=incoming.body, digest=str(self._answers))


def fill(stage: Stage, client: Client, actor: Actor) -> None:
    """The register has two partners, and people were shown them; the hub's clock goes from story to story."""
    today = stage.today()
    first = max(each.days_ago for each in _STORIES)
    stage.at(today - timedelta(days=first + 1))
    with stage.hub.writing(actor) as tx:
        for each in _PARTNERS:
            partners.add(tx, each)
            partners.renew_secret(tx, each.code)
    far = _InventedPartners()
    for story in sorted(_STORIES, key=lambda each: -each.days_ago):
        stage.at(today - timedelta(days=story.days_ago))
        _tell(stage, client, actor, story, far)
    stage.at(today)


def _tell(stage: Stage, client: Client, actor: Actor, story: _Story, far: _InventedPartners) -> None:
    person = CARDHOLDERS[story.person]
    with stage.hub.writing(actor) as tx:
        subject = subjects.of_client(tx, client.id, person.subject)
        record, _ = referrals.show(tx, subject, story.partner)
        referral_id = record.id
        if story.consents:
            referrals.consent(tx, subject, record, _consent_of(tx, person))
    if not story.consents:
        return
    with stage.hub.reading(actor) as tx:
        due = [job.argument for job in handing_over.jobs_due(tx, limit=100)]
    for message_id in due:
        handing_over.tell(stage.hub, far, message_id)
    if story.end == "revoked":
        with stage.hub.writing(actor) as tx:
            referrals.revoke(tx, subjects.of_client(tx, client.id, person.subject), referral_id)
    elif story.end:
        _answer(stage, far, referral_id, story)


def _consent_of(tx: HubTransaction, person: Person) -> ReferralConsent:
    return ReferralConsent(
        version=TEXT.version,
        given_at=tx.now,
        handed_over=HandedOver(name=person.name, mobile=person.mobile),
        email=f"person-{person.number}@demo.example",
    )


def _answer(stage: Stage, far: _InventedPartners, referral_id: str, story: _Story) -> None:
    percent = Decimal("9.60") if story.end == Outcome.CONTRACTED else None
    answer = PartnerAnswer(referral=referral_id, outcome=Outcome(story.end), annual_percent=percent)
    incoming = Incoming(headers={}, body=canonical({"referral": referral_id}))
    answering.take(stage.hub, far, incoming, partner_code=story.partner, load=lambda _: answer)
