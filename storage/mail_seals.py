"""What a waiting mail keeps sealed: a token that it hands over, or whom it goes to."""

from storage.records import MailRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def keep_token(tx: Transaction, mail: MailRecord, token: str) -> None:
    """The mail hands over `token`, which is sealed until then."""
    mail.token_sealed = seal_json(tx, {"token": token}, table="mail", column="token", row=mail.id)


def token_of(tx: Transaction, mail: MailRecord) -> str | None:
    """What the mail hands over; None where it was sent already, or hands over nothing."""
    if mail.token_sealed is None:
        return None
    opened: dict[str, str] = open_json(tx, mail.token_sealed, table="mail", column="token", row=mail.id)
    return opened["token"]


def keep_addressee(tx: Transaction, mail: MailRecord, *, to: str, language: str) -> None:
    """Where the mail goes, of a person of whom nothing else is kept; sealed, and gone once it is settled."""
    kept = {"to": to, "language": language}
    mail.token_sealed = seal_json(tx, kept, table="mail", column="token", row=mail.id)


def addressee_of(tx: Transaction, mail: MailRecord) -> tuple[str, str] | None:
    """Address and language that `keep_addressee` kept; None where the mail was settled."""
    if mail.token_sealed is None:
        return None
    opened: dict[str, str] = open_json(tx, mail.token_sealed, table="mail", column="token", row=mail.id)
    return opened["to"], opened["language"]
