"""What the log commits to without repeating it: contents that are kept elsewhere, named by a salted digest.

The salt lies beside the contents and is erased with them, so that afterwards nobody can confirm a guess. Entries of
before there were salts hold the digest of the contents alone.
"""

import hashlib

from hub.domain.log_chain import Attachment
from hub.domain.plain import Plain, canonical
from hub.services.transaction import HubTransaction
from storage import content_salts
from storage.content_salts import NewSalt, Owner
from storage.records import NegotiationRecord

SUBMISSION = "submission"
DELIVERY = "delivery"
OFFER = "offer"
AGREEMENT_CONTENTS = "agreement_contents"
AMENDMENT_CONTENTS = "amendment_contents"
PAYMENT = "payment"


def owner_of(negotiation: NegotiationRecord) -> Owner:
    """Whose contents are the negotiation's."""
    return Owner(negotiation_id=negotiation.id, bank_code=negotiation.bank_code)


def committed(tx: HubTransaction, owner: Owner, id_: str, kind: str, content: Plain) -> Attachment:
    """The contents as an entry of the log names them; said again, they are named alike."""
    salt = content_salts.find(tx, id_, kind)
    if salt is None:
        return committed_first(tx, owner, id_, kind, content)
    return _attachment(id_, kind, content, salt)


def committed_first(tx: HubTransaction, owner: Owner, id_: str, kind: str, content: Plain) -> Attachment:
    """As `committed`, of contents that no entry has named yet. Reads nothing."""
    attachment, salt = prepared(owner, id_, kind, content)
    content_salts.add(tx, [salt])
    return attachment


def prepared(owner: Owner, id_: str, kind: str, content: Plain) -> tuple[Attachment, NewSalt]:
    """As `committed_first`, with the salt still to be written: for who writes many at once."""
    salt = NewSalt(owner=owner, content_id=id_, kind=kind)
    return _attachment(id_, kind, content, salt.salt), salt


def holds(tx: HubTransaction, id_: str, kind: str, content: Plain, logged: str | None) -> bool:
    """Whether `logged` is a digest by which an entry of today or of before names these contents."""
    salt = content_salts.find(tx, id_, kind)
    salted = None if salt is None else _attachment(id_, kind, content, salt).sha256
    return logged is not None and logged in {salted, _attachment(id_, kind, content, b"").sha256}


def _attachment(id_: str, kind: str, content: Plain, salt: bytes) -> Attachment:
    spelt = canonical(content)
    return Attachment(id=id_, kind=kind, sha256=hashlib.sha256(salt + spelt).hexdigest(), size=len(spelt))
