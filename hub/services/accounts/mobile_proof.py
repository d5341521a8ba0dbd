"""What a person whom a host app sent over can see besides: they show that an older mobile of theirs is theirs too."""

from collections.abc import Sequence
from datetime import timedelta

from hub.domain.errors import Fault
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.masks import mask_mobile
from hub.services.accounts.cardholders import Cardholder, all_of, may_see
from hub.services.accounts.sign_in import code_fault, new_code
from hub.services.codes import CodeMessage
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import attempts, sessions

PROOF_CODES_AN_HOUR = 5
# Programs can be signed in over and over, so what proves a mobile beside a document is counted by the day as well.
PROOF_WINDOW = timedelta(hours=24)
PROOF_CODES_A_WINDOW = 10


def send_proof_code(tx: HubTransaction, cardholder: Cardholder, typed: str) -> CodeMessage | None:
    """A code to the mobile that stands in a hidden negotiation of the person; None, and nothing, to any other.

    None too where the mobile was sent too many: who asks must not learn which it was. Raises `InvalidValue`.
    """
    to = as_mobile(typed)
    indexes = tx.keyring.indexes(to, purpose="mobile")
    hidden = [each for each in all_of(tx, cardholder) if not may_see(cardholder, each)]
    if not any(each.mobile_index in indexes for each in hidden):
        return None
    attempts.lock(tx, indexes[:1])
    sent = [sessions.count_codes_since(tx, indexes, tx.now - window) for window in (timedelta(hours=1), PROOF_WINDOW)]
    if sent[0] >= PROOF_CODES_AN_HOUR or sent[1] >= PROOF_CODES_A_WINDOW:
        return None
    drawn = new_code(tx, to)
    return CodeMessage(
        to=to,
        code=drawn.code,
        code_id=drawn.id,
        text=f"{drawn.code} 是您查看其他申请的验证码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。",
    )


def prove_mobile(tx: HubTransaction, token: str, typed_mobile: str, code: str, *, asked: Sequence[str]) -> Fault | None:
    """The session of `token` sees what stands under the mobile and the person's document, until it ends.

    A wrong code is a fault that does not tell whether one was sent; its try is counted, so the transaction has to be
    committed.
    """
    number = as_mobile(typed_mobile)
    fault = None if code_fault(tx, number, code, asked) is None else Fault("/code", "proof_code_wrong")
    kind = AuditKind.MOBILE_PROVED if fault is None else AuditKind.MOBILE_NOT_PROVED
    audit.note(tx, kind, mask_mobile(number))
    if fault is None:
        sessions.change_person(tx, token, lambda person: {**person, "proved": [*person.get("proved", ()), number]})
    return fault
