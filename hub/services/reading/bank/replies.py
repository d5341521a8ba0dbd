"""A bank's canned replies as a clerk inserts them: every gap filled in for the case, by the hub and for the clerk."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.domain.canned_reply import Gap, ReplyUse, address_of_person, filled
from hub.domain.china import CHINA, spoken_moment
from hub.domain.identifiers import IdType
from hub.services.accounts.staff import Staff
from hub.services.negotiations import desk_templates
from hub.services.transaction import HubTransaction
from storage import clocks, negotiations
from storage.records import NegotiationRecord
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyReply:
    """A reply that can be inserted as it is. `id` names it, with its language, in a form."""

    id: str
    name: str
    text: str


def ready_replies(tx: HubTransaction, negotiation_id: str, use: ReplyUse, person: Staff) -> list[ReadyReply]:
    """The replies of the person's bank that are on and meant for that; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=person.bank)
    found = [each for each in desk_templates.replies(tx, person.bank) if each.value.is_on and each.value.use is use]
    if not found:
        return []
    zh, en = _values(tx, row, person, in_english=False), _values(tx, row, person, in_english=True)
    ready = [ReadyReply(id=each.template_id, name=each.value.name, text=filled(each.value.text, zh)) for each in found]
    ready += [
        ReadyReply(
            id=f"{each.template_id}/en",
            name=f"{each.value.name}·English",
            text=filled(each.value.text_en, en),
        )
        for each in found
        if each.value.text_en
    ]
    return ready


def _values(tx: HubTransaction, row: NegotiationRecord, person: Staff, *, in_english: bool) -> Mapping[Gap, str]:
    bank = tx.bank(row.bank_code)
    applicant = submission_of(tx, row).applicant
    resident_id = applicant.id_number if applicant.id_type == IdType.RESIDENT_ID else None
    running = [each.due_at for each in clocks.list_of(tx, row.id) if each.answered_at is None and each.ended_at is None]
    name = bank.name_en if in_english else bank.name_zh
    if in_english:
        due = f"{running[0].astimezone(CHINA):%Y-%m-%d %H:%M}" if running else "the date on your page"
        otherwise = ("customer", "the number on your card", "The negotiation desk")
    else:
        due = spoken_moment(running[0]) if running else "页面上写明的时间"
        otherwise = (address_of_person(applicant.name, resident_id), "卡片背面的客服电话", "协商专员")
    return {
        Gap.CUSTOMER: otherwise[0],
        Gap.NUMBER: row.reference,
        Gap.DUE: due,
        Gap.BANK: name,
        Gap.HOTLINE: bank.rules.hotline or otherwise[1],
        Gap.CLERK: person.name or otherwise[2],
    }
