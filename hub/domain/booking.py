"""What a person books of a bank, and with it where they are told of it."""

from dataclasses import dataclass

from hub.domain.appointment import AppointmentWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What a person books: a slot of a bank, and what they wish. `contact`: where they are told of it."""

    bank_code: str
    slot_id: str
    wish: AppointmentWish
    negotiation_id: str | None = None
    email: str | None = None
    mobile: str | None = None
