"""A bank's own settings, changed by its administrators: what loosens a control counts once a second person agrees.

Each change is kept with before and after, in the bank's audit, and told to its administrators.
"""

from collections.abc import Mapping, Sequence

from hub.domain.clause_conflicts import require_no_conflict
from hub.domain.errors import Fault, InvalidValue, NotFound, Refused
from hub.domain.own_settings import (
    SECRET,
    SECRET_RENEWED,
    SECRET_SET,
    ChangeStatus,
    changed,
    concern_the_same,
    needing_confirmation,
    setting_faults,
    text_of,
)
from hub.domain.staff import Role
from hub.services.accounts.staff import Staff
from hub.services.notifications import staff_mails
from hub.services.operating import audit, banks
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import bank_changes
from storage.records import BankChangeRecord

CONFIRMING = (Role.BANK_ADMIN, Role.SUPERVISOR)
Words = Mapping[str, tuple[str, str]]


def change(tx: HubTransaction, person: Staff, words: Mapping[str, str]) -> ChangeStatus:
    """What `words` say is in force, but for what loosens a control, which waits; gives `ASKED` where something does.

    An empty secret stays as it is. Raises `Refused`, naming each key, for what a bank may not set, what cannot be, and
    where nothing is changed.
    """
    bank = banks.get(tx, person.bank)
    faults = setting_faults(words)
    if faults:
        raise Refused(*faults)
    secret = words.get(SECRET, "").strip()
    found = changed(bank.rules, {key: text for key, text in words.items() if key != SECRET})
    if not found and not secret:
        raise Refused(Fault("", "nothing_changed"))
    _require_sound(tx, person.bank, {**found, **({SECRET: ("", secret)} if secret else {})})
    waits = needing_confirmation(bank.rules, bank.settings, found)
    at_once = {key: pair for key, pair in found.items() if key not in waits}
    if at_once:
        _put_in_force(tx, person.bank, at_once)
    if secret:
        at_once[SECRET] = _renew_secret(tx, person.bank, secret)
    if at_once:
        record = bank_changes.add(tx, bank_code=person.bank, words=at_once, by=person.id, status=ChangeStatus.IN_FORCE)
        staff_mails.bank_changed(tx, person.bank, record.id)
    if not waits:
        return ChangeStatus.IN_FORCE
    _ask(tx, person, waits)
    return ChangeStatus.ASKED


def _require_sound(tx: HubTransaction, bank_code: str, found: Words) -> None:
    """Nothing, or `Refused` with what is wrong with each; nothing is changed yet."""
    faults = []
    bank = banks.get(tx, bank_code)
    for key, (_, after) in found.items():
        try:
            tx.adapters.check_settings(bank.adapter, {key: after}, beside=bank.settings)
            require_no_conflict({key: after})
        except InvalidValue as error:
            faults.append(error.at(f"/{key}"))
    settings = {**bank.settings, **{key: after for key, (_, after) in found.items()}}
    if settings.get("sign_on_issuer") and not settings.get("sign_on_client_id"):
        faults.append(Fault("/sign_on_client_id", "required"))
    if faults:
        raise Refused(*faults)


def _put_in_force(tx: HubTransaction, bank_code: str, words: Words) -> None:
    banks.change(tx, bank_code, {key: after for key, (_, after) in words.items()})
    for key, (before, after) in words.items():
        audit.note(tx, AuditKind.BANK_SETTING_CHANGED, key, bank_code=bank_code, before=before, after=after)


def _renew_secret(tx: HubTransaction, bank_code: str, secret: str) -> tuple[str, str]:
    """The secret is sealed in the place of the one before; gives what is recorded of it."""
    before = SECRET_SET if banks.get(tx, bank_code).settings.get(SECRET) else ""
    banks.change(tx, bank_code, {SECRET: secret})
    audit.note(tx, AuditKind.BANK_SETTING_CHANGED, SECRET, bank_code=bank_code)
    return before, SECRET_RENEWED


def _ask(tx: HubTransaction, person: Staff, waits: Words) -> None:
    for earlier in bank_changes.list_asked(tx, person.bank):
        if concern_the_same(earlier.words, waits):
            # Asked anew: two that wait for one control would be confirmed against each other.
            bank_changes.decide(tx, earlier, ChangeStatus.WITHDRAWN, by=person.id)
    record = bank_changes.add(tx, bank_code=person.bank, words=waits, by=person.id, status=ChangeStatus.ASKED)
    for key, (before, after) in waits.items():
        audit.note(tx, AuditKind.BANK_SETTING_ASKED, key, bank_code=person.bank, before=before, after=after)
    staff_mails.bank_change_asked(tx, person.bank, record.id)


def confirm(tx: HubTransaction, person: Staff, change_id: str) -> None:
    """What waited is in force; raises `Refused` for whoever asked, and where it does not wait or holds no more."""
    record = waiting(tx, person, change_id)
    if record.asked_by == person.id:
        raise Refused(Fault("", "own_change"))
    words = words_of(record)
    rules = banks.get(tx, person.bank).rules
    if any(text_of(rules, key) != before for key, (before, _) in words.items()):
        raise Refused(Fault("", "change_overtaken"))
    _put_in_force(tx, person.bank, words)
    bank_changes.decide(tx, record, ChangeStatus.IN_FORCE, by=person.id)
    staff_mails.bank_changed(tx, person.bank, record.id)


def refuse(tx: HubTransaction, person: Staff, change_id: str) -> None:
    """What waited is not done: taken back by whoever asked, refused by anybody else who may confirm."""
    record = waiting(tx, person, change_id)
    status = ChangeStatus.WITHDRAWN if record.asked_by == person.id else ChangeStatus.REFUSED
    bank_changes.decide(tx, record, status, by=person.id)
    for key, (before, after) in words_of(record).items():
        audit.note(
            tx, AuditKind.BANK_SETTING_REFUSED, key, bank_code=person.bank, before=before, after=after, why=status
        )


def waiting(tx: HubTransaction, person: Staff, change_id: str) -> BankChangeRecord:
    """The change of the person's bank; raises `NotFound`, and `Refused` once it is decided."""
    record = bank_changes.find(tx, change_id, bank_code=person.bank)
    if record is None:
        raise NotFound
    if record.status != ChangeStatus.ASKED:
        raise Refused(Fault("", "change_decided"))
    return record


def newest(tx: HubTransaction, bank_code: str, *, limit: int) -> Sequence[BankChangeRecord]:
    """The bank's changes, whatever became of them, the newest first."""
    return bank_changes.list_newest(tx, bank_code, limit=limit)


def words_of(record: BankChangeRecord) -> dict[str, tuple[str, str]]:
    """(before, after) by key."""
    return {key: (before, after) for key, (before, after) in record.words.items()}
