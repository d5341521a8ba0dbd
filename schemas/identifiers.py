"""The fields for what identifies somebody or something: cards, mobiles, mail addresses, banks, opaque ids."""

import re
from typing import Any

from hub.domain import identifiers
from hub.domain.creditor import CODE_FORM, read_code, require_no_platform
from hub.domain.errors import InvalidValue
from hub.domain.invisible import without_invisible
from schemas.fields import Formed, Text, with_metadata

ID_LIMIT = 64

_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")


class CardNumber(Formed):
    """A bank card's number, brought to digits alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(identifiers.card_number, **options)


class Mobile(Formed):
    """A mobile number of mainland China, brought to 11 digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(identifiers.mobile, **options)


class Email(Formed):
    """An e-mail address."""

    def __init__(self, **options: Any) -> None:
        metadata = {"format": "email", "maxLength": identifiers.EMAIL_LIMIT}
        super().__init__(identifiers.email, **with_metadata(options, **metadata))


def opaque_id(text: str) -> str:
    """`text`, which is 1 to 64 URL-safe characters; raises `InvalidValue` `id_form`."""
    if not _ID.fullmatch(text):
        raise InvalidValue("id_form", limit=ID_LIMIT)
    return text


class IdNumber(Text):
    """The number of a document as it was typed, without signs that nobody sees."""

    def _deserialize(self, value: Any, *arguments: Any, **options: Any) -> str:
        seen = without_invisible(value) if isinstance(value, str) else value
        return super()._deserialize(seen, *arguments, **options)


class IdText(Formed):
    """An opaque identifier: 1 to 64 URL-safe characters."""

    def __init__(self, **options: Any) -> None:
        pattern = f"^{_ID.pattern}$"
        super().__init__(opaque_id, **with_metadata(options, pattern=pattern, maxLength=ID_LIMIT))


def _institution_code(text: str) -> str:
    require_no_platform(text, within=True)
    if not CODE_FORM.fullmatch(text):
        raise InvalidValue("bank_code_form")
    return text


class CreditorCode(Formed):
    """The code of the lender whom a contract names; it says nothing of them, and no platform has one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_code, **with_metadata(options, pattern=f"^{CODE_FORM.pattern}$"))


class BankCode(Formed):
    """A bank's 8-digit institution code of UnionPay, or another creditor's; whether it is one here is looked up."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_institution_code, **with_metadata(options, pattern=f"^{CODE_FORM.pattern}$"))
