"""By which keyed hash a person is found again: of their document, whatever spelling of its number was typed."""

from hub.domain.identifiers import IdType, lasting_number
from hub.services.transaction import HubTransaction

_PURPOSE = "person"


def person_index(tx: HubTransaction, id_type: IdType | str, id_number: str) -> bytes:
    """What a new row is found by, under the first key."""
    return tx.keyring.index(_document(id_type, id_number), purpose=_PURPOSE)


def person_indexes(tx: HubTransaction, id_type: IdType | str, id_number: str) -> list[bytes]:
    """What the person's rows may be found by, under any key; the first is that of new rows.

    Rows of before 28 November 2026 bear the number as it was typed.
    """
    documents = dict.fromkeys((_document(id_type, id_number), f"{id_type}/{id_number}"))
    return [index for each in documents for index in tx.keyring.indexes(each, purpose=_PURPOSE)]


def _document(id_type: IdType | str, id_number: str) -> str:
    return f"{id_type}/{lasting_number(IdType(id_type), id_number)}"
