"""Deliveries a second to a local bank, an adapter at a time, beside bare HTTP and bare SFTP with the same bytes."""

import http.client
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import paramiko

from hub.banks.pairs.signers import SignMethod, new_keys, signer_of
from hub.domain.actor import HUB
from hub.domain.delivery import MessageKind
from hub.domain.plain import canonical
from hub.services.delivery import batches, sending
from hub.wiring import Hub
from storage import banks, deliveries, negotiation_locks
from storage.records import DeliveryRecord, NegotiationRecord, new_id
from tests.banks.sshd import Sshd
from tests.bench import crowd
from tests.bench.far_banks import FarBanks, far_banks
from tests.bench.servers import Place
from tests.bench.tables import middle, table
from tests.storage.postgres_server import free_port

MESSAGES = 100
CODES = {"webhook": "03060000", "unionpay": "03050000", "sftp": "03040000"}
SECRET = "whsec_" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="


def measure(where: Place, rounds: int) -> str:
    """One worker thread, message after message; what is measured is the hub's own part of a delivery."""
    hub, pattern = crowd.fill(where, "delivering", large=0, small=0, now=datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        private, public = new_keys(SignMethod.RSA)
        signer = signer_of(SignMethod.RSA, private)
        with far_banks() as plain, far_banks(signer) as signing:
            sshd = Sshd(Path(folder), free_port())
            sshd.start()
            try:
                _add_banks(hub, plain, signing, sshd, _kept(folder, private, public))
                for code in CODES.values():
                    crowd.add(hub, pattern, code, MESSAGES, soonest=timedelta(days=20), spread=timedelta(days=60))
                return _rows(hub, where, plain, sshd, rounds)
            finally:
                sshd.stop()


def _kept(folder: str, private: bytes, public: bytes) -> dict[str, str]:
    paths = {"our_private_key": Path(folder, "private.pem"), "bank_public_key": Path(folder, "public.pem")}
    paths["our_private_key"].write_bytes(private)
    paths["bank_public_key"].write_bytes(public)
    return {name: str(path) for name, path in paths.items()}


def _add_banks(hub: Hub, plain: FarBanks, signing: FarBanks, sshd: Sshd, keys: dict[str, str]) -> None:
    settings = {
        "webhook": {"url": plain.url("webhook"), "secret": SECRET},
        "unionpay": {"url": signing.url("unionpay"), "mer_id": "777290058110048", "cert_id": "68759622183", **keys},
        "sftp": sshd.settings,
    }
    with hub.writing(HUB) as tx:
        for kind, code in CODES.items():
            banks.add_bank(tx, code=code, name_zh=kind, name_en=kind, adapter=kind, settings=settings[kind])


def _queue(hub: Hub, code: str) -> list[str]:
    """Messages that wait to be delivered, one a negotiation of the bank."""
    ids = []
    with hub.writing(HUB) as tx:
        for row in tx.session.query(NegotiationRecord).filter_by(bank_code=code).all():
            body = {"opens_clock": False, "data": {"text": "您好" * 400, "evidence": []}}
            ids.append(new_id())
            deliveries.add_delivery(
                tx,
                negotiation_locks.lock(tx, row.id),
                delivery_id=ids[-1],
                kind=MessageKind.MESSAGE,
                body=body,
                sha256="0",
            )
    return ids


def _rows(hub: Hub, where: Place, plain: FarBanks, sshd: Sshd, rounds: int) -> str:
    bodies = [canonical({"text": "您好" * 400, "evidence": []})] * MESSAGES
    found: dict[str, list[float]] = {name: [] for name in ("HTTP", "SFTP", *CODES)}
    for round_ in range(rounds):
        found["HTTP"].append(_rate(lambda: _bare_http(plain, bodies)))
        found["SFTP"].append(_rate(partial(_bare_sftp, sshd, bodies, round_)))
        for kind, code in CODES.items():
            ids = _queue(hub, code)
            found[kind].append(_rate(_deed(hub, kind, code, ids)))
            _require_arrived(hub, ids)
    rows = [
        (f"bare {name}", middle(found[name]), "1") if name in ("HTTP", "SFTP") else (name, middle(found[name]), ratio)
        for name in found
        for ratio in [_ratio(found, name)]
    ]
    return f"Deliveries, {where.kind}\n\n" + table(("", "messages/s", "to floor"), rows)


def _ratio(found: dict[str, list[float]], name: str) -> str:
    floor = found["SFTP" if name == "sftp" else "HTTP"]
    return middle([mine / bare for mine, bare in zip(found[name], floor, strict=True)], ".2f")


def _deed(hub: Hub, kind: str, code: str, ids: list[str]) -> Callable[[], Any]:
    if kind == "sftp":
        return lambda: batches.deliver_batch(hub, hub.store, code)

    def each_alone() -> None:
        for delivery_id in ids:
            sending.deliver(hub, hub.store, delivery_id)

    return each_alone


def _rate(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return MESSAGES / (time.perf_counter() - began)


def _require_arrived(hub: Hub, ids: list[str]) -> None:
    with hub.reading(HUB) as tx:
        statuses = {tx.session.get_one(DeliveryRecord, each).status for each in ids}
    if statuses != {"delivered"}:
        raise RuntimeError(f"not all arrived: {statuses}")


def _bare_http(plain: FarBanks, bodies: list[bytes]) -> None:
    for body in bodies:
        connection = http.client.HTTPConnection("127.0.0.1", plain.port)
        connection.request("POST", "/floor", body=body)
        connection.getresponse().read()
        connection.close()


def _bare_sftp(sshd: Sshd, bodies: list[bytes], number: int) -> None:
    key = paramiko.Ed25519Key.from_private_key_file(sshd.settings["our_private_key"])
    with paramiko.Transport(("127.0.0.1", sshd.port)) as transport:
        transport.connect(username=sshd.settings["user"], pkey=key)
        session = paramiko.SFTPClient.from_transport(transport)
        if session is None:
            raise RuntimeError("no SFTP")
        for name, content in (
            (f"FLOOR_{number}.jsonl", b"\n".join(bodies)),
            (f"FLOOR_{number}.ctl", json.dumps({}).encode()),
        ):
            path = f"{sshd.settings['out_dir']}/{name}"
            with session.open(f"{path}.part", "wb") as file:
                file.write(content)
            session.posix_rename(f"{path}.part", path)
