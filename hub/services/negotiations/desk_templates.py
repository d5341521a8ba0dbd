"""Canned replies and templates of offers of a bank: what is in force, the versions of before, and changing one.

A bank begins with the hub's own replies; what it changes is its own version of them. Each change is in the audit with
what stood there before and what does now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from hub.domain.canned_reply import DEFAULT_REPLIES, CannedReply, reply_faults
from hub.domain.errors import Fault, NotFound, Refused
from hub.domain.offer_template import OfferTemplate, template_faults
from hub.domain.plain import from_plain, to_plain
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import desk_templates
from storage.records import DeskTemplateRecord, new_id

MOST_TEMPLATES: Final = 100
"""Of each sort, a bank's own and those that it began with."""

T = TypeVar("T", CannedReply, OfferTemplate)


class Sort(StrEnum):
    """What a template is for."""

    REPLY = "reply"
    OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Generic[T]):
    """One version. `number` is 0, and nobody has changed it, for what the hub itself begins with."""

    template_id: str
    number: int
    value: T
    changed_by: str = ""
    changed_at: datetime | None = None


class ChangedMeanwhile(Exception):
    """A colleague has changed the template since the form was made; `version` is what stands there now."""

    def __init__(self, version: Version[CannedReply] | Version[OfferTemplate]) -> None:
        super().__init__()
        self.version = version


def replies(tx: HubTransaction, bank_code: str) -> list[Version[CannedReply]]:
    """The bank's replies as they are now, by use and name."""
    newest = {each.template_id: each for each in _reply_versions(tx, bank_code)}
    return sorted(newest.values(), key=lambda each: (each.value.use, each.value.name))


def reply_versions(tx: HubTransaction, bank_code: str, template_id: str) -> list[Version[CannedReply]]:
    """All versions of one reply, newest first; raises `NotFound` for an unknown one and another bank's alike."""
    found = [each for each in _reply_versions(tx, bank_code) if each.template_id == template_id]
    if not found:
        raise NotFound
    return found[::-1]


def _reply_versions(tx: HubTransaction, bank_code: str) -> list[Version[CannedReply]]:
    first = [Version(template_id=each, number=0, value=value) for each, value in DEFAULT_REPLIES.items()]
    own = desk_templates.list_versions(tx, bank_code, Sort.REPLY)
    return [*first, *(_version(each, from_plain(CannedReply, each.body)) for each in own)]


def offer_templates(tx: HubTransaction, bank_code: str) -> list[Version[OfferTemplate]]:
    """The bank's templates of offers as they are now, by name."""
    newest = {each.template_id: each for each in _offer_versions(tx, bank_code)}
    return sorted(newest.values(), key=lambda each: each.value.name)


def offer_template_versions(tx: HubTransaction, bank_code: str, template_id: str) -> list[Version[OfferTemplate]]:
    """All versions of one template, newest first; raises `NotFound` for an unknown one and another bank's alike."""
    found = [each for each in _offer_versions(tx, bank_code) if each.template_id == template_id]
    if not found:
        raise NotFound
    return found[::-1]


def _offer_versions(tx: HubTransaction, bank_code: str) -> list[Version[OfferTemplate]]:
    own = desk_templates.list_versions(tx, bank_code, Sort.OFFER)
    return [_version(each, from_plain(OfferTemplate, each.body)) for each in own]


def _version(record: DeskTemplateRecord, value: T) -> Version[T]:
    return Version(
        template_id=record.template_id,
        number=record.version,
        value=value,
        changed_by=record.changed_by,
        changed_at=record.changed_at,
    )


def save_reply(
    tx: HubTransaction, bank_code: str, reply: CannedReply, *, template_id: str | None = None, seen: int = 0
) -> str:
    """The reply is as it says from now on, a new one where no id is given; gives the id.

    `seen` is the version that the form was made for. Raises `Refused` with what is wrong, `ChangedMeanwhile`,
    `NotFound`.
    """
    reply = replace(reply, name=reply.name.strip())
    there = replies(tx, bank_code)
    faults = [*reply_faults(reply), *_name_faults(reply.name, there, template_id)]
    return _save(tx, bank_code, Sort.REPLY, reply, there, faults, template_id, seen)


def save_offer_template(
    tx: HubTransaction, bank_code: str, template: OfferTemplate, *, template_id: str | None = None, seen: int = 0
) -> str:
    """The template of offers is as it says from now on; otherwise as `save_reply`."""
    template = replace(template, name=template.name.strip())
    there = offer_templates(tx, bank_code)
    faults = [*template_faults(template), *_name_faults(template.name, there, template_id)]
    return _save(tx, bank_code, Sort.OFFER, template, there, faults, template_id, seen)


def _name_faults(name: str, there: list[Version[T]], template_id: str | None) -> list[Fault]:
    others = (each for each in there if each.template_id != template_id)
    return [Fault("/name", "template_name_taken")] if any(each.value.name == name for each in others) else []


def _save(
    tx: HubTransaction,
    bank_code: str,
    sort: Sort,
    value: T,
    there: list[Version[T]],
    faults: list[Fault],
    template_id: str | None,
    seen: int,
) -> str:
    before = next((each for each in there if each.template_id == template_id), None)
    if template_id is not None and before is None:
        raise NotFound
    if before is not None and before.number != seen:
        raise ChangedMeanwhile(before)
    if before is None and len(there) >= MOST_TEMPLATES:
        faults = [*faults, Fault("/name", "templates_too_many", {"most": MOST_TEMPLATES})]
    if faults:
        raise Refused(*faults)
    if before is not None and before.value == value:
        return before.template_id
    kept_as = template_id or new_id()
    is_added = desk_templates.add_version(
        tx,
        bank_code=bank_code,
        sort=sort,
        template_id=kept_as,
        version=seen + 1,
        body=to_plain(value),
        by=str(tx.actor),
        at=tx.now,
    )
    if not is_added:
        raise ChangedMeanwhile(_newest(tx, bank_code, sort, kept_as))
    kind = AuditKind.REPLY_CHANGED if sort is Sort.REPLY else AuditKind.OFFER_TEMPLATE_CHANGED
    old, new = _told(before.value if before else None), _told(value)
    changed = [name for name in new if old.get(name) != new[name]]
    audit.note(
        tx,
        kind,
        value.name,
        bank=bank_code,
        before="; ".join(f"{name}: {old[name]}" for name in changed if name in old),
        after="; ".join(f"{name}: {new[name]}" for name in changed),
    )
    return kept_as


def _newest(
    tx: HubTransaction, bank_code: str, sort: Sort, template_id: str
) -> Version[CannedReply] | Version[OfferTemplate]:
    if sort is Sort.REPLY:
        return reply_versions(tx, bank_code, template_id)[0]
    return offer_template_versions(tx, bank_code, template_id)[0]


def _told(value: CannedReply | OfferTemplate | None) -> Mapping[str, object]:
    plain: Mapping[str, object] = {} if value is None else to_plain(value)
    return plain
