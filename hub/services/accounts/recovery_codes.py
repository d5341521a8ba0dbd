"""Ten codes on paper that let somebody of the staff in whose phone is lost, each once, to set up another one."""

import secrets
from datetime import datetime
from typing import Final

from hub.mail.kinds import MailKind
from hub.services.accounts.staff import value_of
from hub.services.notifications import staff_mails
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import recovery_codes, staff

AMOUNT: Final = 10
# Crockford's letters: none that is taken for another. Twelve are sixty bits, which nobody guesses at through a limit.
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH, _GROUP = 12, 4
_READ_AS: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})
_PURPOSE: Final = "recovery_code"


def renew(tx: HubTransaction, staff_id: str, *, at: datetime) -> tuple[str, ...]:
    """Ten new codes, told this once; those of before are good for nothing any more."""
    codes = tuple("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(AMOUNT))
    digests = [tx.keyring.index(_of(staff_id, code), purpose=_PURPOSE) for code in codes]
    recovery_codes.replace(tx, staff_id, digests, at=at)
    person = value_of(tx, staff.get(tx, staff_id))
    audit.note(tx, AuditKind.RECOVERY_CODES_MADE, person.email, actor=person.actor)
    return tuple("-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP)) for code in codes)


def use(tx: HubTransaction, mark: str, typed: str, *, at: datetime) -> bool:
    """The code that was `typed` is used up by the account that bears `mark`; false where it has no such code left."""
    record = staff.lock_by_uniquifier(tx, mark)
    if record is None or not record.active:
        return False
    code = "".join(sign for sign in typed.lower() if sign.isascii() and sign.isalnum()).translate(_READ_AS)
    digests = tx.keyring.indexes(_of(record.id, code), purpose=_PURPOSE)
    if len(code) != _LENGTH or not recovery_codes.use(tx, record.id, digests, at=at):
        return False
    left = recovery_codes.count_left(tx, record.id)
    audit.note(
        tx, AuditKind.RECOVERY_CODE_USED, staff.email_of(tx, record), actor=value_of(tx, record).actor, left=left
    )
    staff_mails.of_account(tx, record.id, MailKind.RECOVERY_CODE_USED, at=at)
    return True


def count_left(tx: HubTransaction, staff_id: str) -> int:
    """How many codes the account has left."""
    return recovery_codes.count_left(tx, staff_id)


def _of(staff_id: str, code: str) -> str:
    return f"{staff_id}:{code}"
