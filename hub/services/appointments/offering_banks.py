"""Which banks offer appointments to a person: those that they negotiate with first."""

from dataclasses import dataclass

from hub.domain.errors import NotFound
from hub.domain.service_request import Service
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.operating.banks import require_service
from hub.services.transaction import HubTransaction
from storage import banks


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingBank:
    """A bank that can be met. `negotiation_id`: the person's negotiation with it, where there is one."""

    code: str
    name: str
    negotiation_id: str | None = None
    reference: str = ""

    @property
    def query(self) -> str:
        """What the address of the form ends with."""
        return f"bank={self.code}" if self.negotiation_id is None else f"negotiation={self.negotiation_id}"


def offering_banks(
    tx: HubTransaction, subject: Subject, *, language: str, also_others: bool = False
) -> list[OfferingBank]:
    """The banks that the person negotiates with and that offer appointments; and all others where asked for."""
    found = []
    for each in negotiations_of(tx, subject):
        bank = tx.bank(each.bank_code)
        if bank.provides(Service.APPOINTMENTS) and each.erased_at is None and each.reached_bank_at is not None:
            named = OfferingBank(
                code=bank.code, name=bank.name(language), negotiation_id=each.id, reference=each.reference
            )
            found.append(named)
    if also_others:
        known = {each.code for each in found}
        found += [
            OfferingBank(code=bank.code, name=bank.name(language))
            for bank in banks.list_banks(tx)
            if bank.is_open and bank.provides(Service.APPOINTMENTS) and bank.code not in known
        ]
    return found


def offering_bank(
    tx: HubTransaction, subject: Subject, *, negotiation_id: str | None, bank_code: str, language: str
) -> OfferingBank:
    """The bank of the negotiation, or the one of that code; raises `NotFound` and `ServiceNotOffered`."""
    if negotiation_id is None:
        bank = require_service(tx, bank_code, Service.APPOINTMENTS)
        return OfferingBank(code=bank.code, name=bank.name(language))
    found = next((each for each in negotiations_of(tx, subject) if each.id == negotiation_id), None)
    if found is None:
        raise NotFound
    bank = require_service(tx, found.bank_code, Service.APPOINTMENTS)
    return OfferingBank(code=bank.code, name=bank.name(language), negotiation_id=found.id, reference=found.reference)
