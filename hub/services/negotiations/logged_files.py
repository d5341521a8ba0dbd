"""Files that entries of the log name, under the kinds that they were given as.

The log names a file by its id and digest alone; its kind lies sealed with the negotiation's files and goes with them.
"""

from collections.abc import Sequence
from dataclasses import replace

from hub.domain.log_chain import FILE, Attachment
from hub.services.transaction import HubTransaction
from storage import given_evidence
from storage.communications import Entry


def with_kinds(tx: HubTransaction, entries: Sequence[Entry]) -> list[tuple[Entry, tuple[Attachment, ...]]]:
    """Each entry of one negotiation with what it names. A file that is gone is of no other kind than `FILE`."""
    if not any(file.kind == FILE for each in entries for file in each.header.attachments):
        return [(each, each.header.attachments) for each in entries]
    given = given_evidence.list_kinds(tx, entries[0].header.negotiation)
    newest = {each.evidence_id: each.kind for each in given}
    # A corrected application can name another kind of the same file.
    at_once = {(each.evidence_id, each.given_at): each.kind for each in given}

    def named(file: Attachment, entry: Entry) -> Attachment:
        if file.kind != FILE:
            return file
        kind = at_once.get((file.id, entry.header.at)) or newest.get(file.id, FILE)
        return replace(file, kind=kind)

    return [(each, tuple(named(file, each) for file in each.header.attachments)) for each in entries]
