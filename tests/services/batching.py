"""A bank that takes messages together."""

import hashlib
import threading

from hub.banks.port import Batch, Receipt
from hub.domain.bank import Bank
from hub.domain.errors import BatchUnfit
from tests.banks.simulated import SimulatedBank


class BatchingBank(SimulatedBank):
    """Takes batches; `batches` are those it has, as (name, ids), and `tried` all that came."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[tuple[str, tuple[str, ...]]] = []
        self.batches: dict[str, tuple[str, ...]] = {}
        self.digests: dict[str, str] = {}
        self.takes_unheard = False
        self.unfit: set[str] = set()
        self.names_taken: set[str] = set()
        self.lock = threading.Lock()

    def deliver_batch(self, batch: Batch, bank: Bank) -> Receipt:
        name, ids = f"{batch.day}_{batch.number}", tuple(message.id for message in batch.messages)
        with self.lock:
            self.tried.append((name, ids))
            content = hashlib.sha256(b"".join(message.body for message in batch.messages)).hexdigest()
            assert self.digests.setdefault(name, content) == content, "another content under one name"
        if name in self.names_taken:
            raise BatchUnfit("taken")
        for message in batch.messages:
            for enclosure in message.enclosures:
                assert hashlib.sha256(b"".join(enclosure.read())).hexdigest() == enclosure.sha256
            if message.id in self.unfit:
                raise BatchUnfit("damaged", message_id=message.id)
        self.meanwhile()
        if self.takes_unheard:
            self._take(name, batch)
        if self.answers:
            raise self.answers.popleft()
        self._take(name, batch)
        return Receipt(detail=name)

    def _take(self, name: str, batch: Batch) -> None:
        with self.lock:
            self.batches[name] = tuple(message.id for message in batch.messages)
            self.taken |= {message.id: message for message in batch.messages}

    def has_batch(self, batch: Batch, bank: Bank) -> bool:
        return f"{batch.day}_{batch.number}" in self.batches

    def names_tried(self) -> list[str]:
        return [name for name, _ in self.tried]
