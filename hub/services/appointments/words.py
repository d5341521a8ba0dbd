"""How an appointment is told: to the log in Chinese, and to the bank's system as data. Neither holds an address."""

from hub.domain import labels
from hub.domain.appointment_contents import AppointmentContents
from hub.domain.plain import Plain, instant
from hub.services.negotiations.entries import spoken_time
from hub.services.transaction import HubTransaction
from storage import slots
from storage.records import AppointmentRecord


def time_words(record: AppointmentRecord) -> str:
    """When, how and what for: 2026-12-01 10:00 的网点见面（交材料）."""
    kind, purpose = labels.APPOINTMENT_KINDS[record.kind], labels.APPOINTMENT_PURPOSES[record.purpose]
    return f"{spoken_time(record.starts_at)} 的{kind}见面（{purpose}）"


def staff_words(contents: AppointmentContents) -> str:
    """The numbers of those who come."""
    return "、".join(each.number for each in contents.staff)


def said_to_bank(tx: HubTransaction, record: AppointmentRecord, contents: AppointmentContents) -> Plain:
    """What the bank's system is told. Where to is asked for when it is needed (`GET /bank/appointments/{id}`)."""
    return {
        "appointment": record.id,
        "negotiation": record.negotiation_id,
        "kind": record.kind,
        "purpose": record.purpose,
        "from": instant(record.starts_at),
        "to": instant(record.ends_at),
        "place": slots.places_of(tx, [record.slot_id])[record.slot_id].name,
        "slot_id": record.slot_id,
        "called": contents.called,
        "own_words": contents.own_words,
        "asked_by": contents.asked_by,
    }
