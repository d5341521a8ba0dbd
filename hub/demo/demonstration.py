"""Demo data: people, banks and negotiations with a past, made by the same services that a real day would call.

Nothing here writes a row by itself. The stories are dated backwards from today, so clocks are overdue, offers run
out and agreements are being paid when somebody opens the demo.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import time, timedelta

from hub.demo import appointments, bills, instalments, mandates, referrals, steps
from hub.demo import people as demo_people
from hub.demo.applications import application
from hub.demo.people import CITIC, CLIENT_NAME, CMB, ICBC, LENDER, Person
from hub.demo.stage import ShutDoor, Stage, cardholder
from hub.demo.stories import STORIES, Start, Story
from hub.documents.printing import print_pdf
from hub.domain.actor import HUB
from hub.domain.application import EvidenceReference
from hub.domain.china import china_day
from hub.domain.client import Client
from hub.domain.creditor import read_standing
from hub.domain.errors import Unusable
from hub.domain.evidence import REFUND, CleanCopy, EvidenceKind, MediaType
from hub.domain.scope import Scope
from hub.domain.service_request import Service
from hub.services.accounts import client_accounts
from hub.services.applications import intake
from hub.services.documents.printing import Printer
from hub.services.evidence import evidence_files, judging
from hub.services.evidence.evidence_files import Upload
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import negotiations

BANKS = (
    (ICBC, "中国工商银行", "Industrial and Commercial Bank of China", "95588", "icbc"),
    (CMB, "招商银行", "China Merchants Bank", "95555", "cmb"),
    (CITIC, "中信银行", "China CITIC Bank", "95558", "citic"),
)


def require_fit(hub: Hub) -> None:
    """Nothing, but `Unusable` in production: invented people have no place beside real ones."""
    if not hub.settings.embedded:
        raise Unusable("demo data is for the embedded default (HUB_ENV=embedded); nothing was changed")


def is_there(hub: Hub) -> bool:
    """Whether the hub holds banks already, so that demo data has no place in it."""
    with hub.reading(HUB) as tx:
        return bool(banks.list_all(tx))


def fill(hub: Hub, printer: Printer = print_pdf, report: Callable[[str], None] = lambda _: None) -> None:
    """An empty hub holds banks, people and negotiations with a past. `report` hears of each story as it is done."""
    with closing(Stage(hub, printer)) as stage:
        _fill(stage, hub, printer, report)


def add_lender(tx: HubTransaction) -> None:
    """The consumer-finance company of the stories is in the register."""
    banks.add(
        tx,
        code=LENDER,
        name_zh="晴川消费金融有限公司",
        name_en="Qingchuan Consumer Finance",
        adapter="portal",
        settings={
            "hotline": "400-000-7300",
            "hotline_hours": "每天 9:00–21:00",
            "calls_from": "400-000-7300",
            "desk_email": "desk@qingchuan.example",
            "complaint_channel": "400-000-7300 转 9",
            "office_address": "晴川消费金融有限公司（演示地址）",
            "extension_months": "60",
            "max_annual_percent": "24",
            "services": f"{Service.MANDATES},{Service.INSTALMENTS}",
        },
        standing=read_standing(kind="consumer_finance", licence_no="L0001H000000000（演示）"),
    )


def _fill(stage: Stage, hub: Hub, printer: Printer, report: Callable[[str], None]) -> None:
    with hub.writing(HUB) as tx:
        for code, name_zh, name_en, hotline, word in BANKS:
            settings = {
                "hotline": hotline,
                "hotline_hours": "每天 24 小时",
                "calls_from": hotline,
                "desk_email": f"desk@{word}.example",
                "complaint_channel": f"{hotline} 转投诉",
                "office_address": f"{name_zh}信用卡中心（演示地址）",
                "services": ",".join(Service),
            }
            banks.add(tx, code=code, name_zh=name_zh, name_en=name_en, adapter="portal", settings=settings)
        add_lender(tx)
        scopes = [Scope.WRITE, Scope.READ]
        client, _ = client_accounts.add(tx, name=CLIENT_NAME, scopes=scopes, bank_code=None)
        demo_people.add_accounts(tx)
        demo_people.add_colleagues(tx)
    referrals.fill(stage, client, cardholder(client))
    payslip = printer(_paper("工资单", "本月实发工资 6,200.00 元"))
    bill = printer(_paper("医疗费用单据", "住院费用合计 12,480.00 元"))
    for number, story in enumerate(STORIES, start=1):
        _tell(stage, client, Person(name=story.name, number=number), story, (payslip, bill))
        report(story.name)
    appointments.add(stage, client)
    with hub.writing(cardholder(client)) as tx:
        bills.add(tx, client)
    mandates.add(hub, client, cardholder(client))
    refund = _keep(stage, client, REFUND, "退款凭证.pdf", printer(_paper("退款凭证", "商品已退回，退款 5,999.00 元")))
    judging.judge(stage.hub, stage.hub.store, _sound, [refund])
    instalments.add(stage, client, proof=refund)


def _paper(title: str, line: str) -> str:
    return f'<html lang="zh-CN"><title>{title}</title><h1>{title}（示例）</h1><p>{line}</p></html>'


def _tell(stage: Stage, client: Client, person: Person, story: Story, papers: tuple[bytes, bytes]) -> None:
    sent_on = china_day(stage.now) - timedelta(days=story.days_ago)
    stage.at(sent_on)
    broken = story.start == Start.UNREADABLE
    files = [
        _upload(stage, client, EvidenceKind.PAYSLIP, papers[0][: 200 if broken else None]),
        _upload(stage, client, EvidenceKind.MEDICAL_BILL, papers[1]),
    ]
    with stage.hub.writing(cardholder(client)) as tx:
        sent = intake.submit(tx, application(person, story, files, sent_on), client_id=client.id)
    if story.start == Start.UNSEEN:
        return
    # In one lot, so that few jobs are left for the worker that starts next.
    reasons = iter(("unreadable" if broken else None, None))

    def inspect(chunks: Iterator[bytes], media_type: object) -> str | CleanCopy:
        copy = _sound(chunks, media_type)
        return next(reasons) or copy

    judging.judge(stage.hub, stage.hub.store, inspect, [file.id for file in files])
    if story.start in (Start.REFUSED, Start.UNANSWERED):
        stage.knock(sent, ShutDoor(for_good=story.start == Start.REFUSED))
    else:
        stage.screen(sent)
    with stage.hub.reading(HUB) as tx:
        opened = {each.bank_code: each.id for each in negotiations.list_of_application(tx, sent)}
    for days, bank_code, step in story.steps():
        stage.at(sent_on + timedelta(days=days), time(15, 0))
        steps.take(step, stage, client, opened[bank_code], bank_code)


def _upload(stage: Stage, client: Client, kind: EvidenceKind, data: bytes) -> EvidenceReference:
    names = {EvidenceKind.PAYSLIP: "工资单.pdf", EvidenceKind.MEDICAL_BILL: "医疗费用.pdf"}
    return EvidenceReference(id=_keep(stage, client, kind, names[kind], data), kind=kind)


def _sound(chunks: Iterator[bytes], _media_type: object) -> CleanCopy:
    # The hub printed them itself: there is nothing to take out.
    return CleanCopy(media_type=MediaType.PDF, content=b"".join(chunks))


def _keep(stage: Stage, client: Client, kind: str, file_name: str, data: bytes) -> str:
    upload = Upload(
        client_id=client.id,
        subject=None,
        kind=kind,
        file_name=file_name,
        declared_type="application/pdf",
        length=len(data),
    )
    stored = evidence_files.receive(stage.hub.store, upload, io.BytesIO(data).read)
    with stage.hub.writing(cardholder(client)) as tx:
        evidence_files.keep(tx, stored)
    return stored.file.id
