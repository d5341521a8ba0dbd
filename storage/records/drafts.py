"""Applications that are still being written at the hub's pages."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, OfOnePerson, Record


class DraftRecord(OfOnePerson, Record):
    """What one person has filled in so far, sealed. Gone once it is submitted or was left alone for too long."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    body_sealed: Mapped[bytes]

    __table_args__ = (sa.UniqueConstraint("owner_index", "client_id"),)


class UnfinishedFormRecord(OfOnePerson, Record):
    """One form as a person left it, sealed. Gone once it is sent, thrown away or was left alone for too long.

    One that is `held` came from a session that had ended: nobody sees it before the same person has signed in.
    Pages that answered a form are held here as well, under a token in the place of an address.
    """

    __tablename__ = "unfinished_form"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # The path of the form's page.
    address: Mapped[str] = mapped_column(sa.String(200))
    held: Mapped[bool]
    values_sealed: Mapped[bytes]

    __table_args__ = (sa.UniqueConstraint("owner_index", "client_id", "address", "held"),)
