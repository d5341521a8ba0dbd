"""Who is at the other end of the sftp way: keys, hosts that are others, and hosts that hang."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

from hub.banks.adapters.sftp import Sftp
from hub.banks.adapters.sftp import session as sftp_session
from hub.banks.adapters.sftp.access import Access, Limits
from hub.banks.adapters.sftp.keys import read_host_key
from hub.domain.bank import Bank
from hub.domain.errors import HostNotTrusted, TryAgain
from tests.banks.sftp_batches import BATCH, BYTES, a_bank, adapter, bank, disagreements
from tests.banks.sshd import PrivateKey, Sshd, sshd, write_key
from tests.weather.proxy import Proxy, Weather, proxy_of

__all__ = ["adapter", "bank", "sshd"]

RSA = rsa.generate_private_key(65537, 2048)


ECDSA = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.slow
def test_a_server_with_another_host_key_is_told_nothing(sshd: Sshd, adapter: Sftp, tmp_path: Path) -> None:
    other = write_key(tmp_path / "other")
    with pytest.raises(HostNotTrusted, match="another host key"):
        adapter.deliver_batch(BATCH, a_bank(sshd.settings, host_key=other))
    with pytest.raises(HostNotTrusted, match="no host key of the kind"):
        adapter.deliver_batch(BATCH, a_bank(sshd.settings, host_key=write_key(tmp_path / "rsa", RSA)))
    assert sshd.names("out") == []
    assert "Accepted" not in (sshd.root / "log").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "form"),
    [
        (RSA, PrivateFormat.OpenSSH),
        (RSA, PrivateFormat.TraditionalOpenSSL),
        (RSA, PrivateFormat.PKCS8),
        (ECDSA, PrivateFormat.OpenSSH),
        (ECDSA, PrivateFormat.PKCS8),
    ],
)
def test_keys_of_each_kind_and_form_sign_in_to_hosts_of_each_kind(
    sshd: Sshd, adapter: Sftp, key: PrivateKey, form: PrivateFormat
) -> None:
    sshd.stop()
    sshd.authorize(write_key(sshd.root / "ours", key, form))
    host_key = write_key(sshd.root / "host_key", key)
    sshd.start()
    settings = {**sshd.settings, "our_private_key": str(sshd.root / "ours"), "host_key": f"{host_key} the bank's"}
    adapter.deliver_batch(BATCH, a_bank(settings))
    assert disagreements(sshd.folder("out")) == []


@pytest.mark.slow
def test_a_key_that_the_server_does_not_know_is_tried_again_later(sshd: Sshd, adapter: Sftp, bank: Bank) -> None:
    sshd.authorize()
    with pytest.raises(TryAgain, match="sign in"):
        adapter.deliver_batch(BATCH, bank)


@pytest.fixture
def access(sshd: Sshd) -> Access:
    settings = sshd.settings
    return Access(
        host="bank.example",
        address="127.0.0.1",
        port=sshd.port,
        user=settings["user"],
        private_key=Path(settings["our_private_key"]),
        host_key=read_host_key(settings["host_key"]),
    )


@pytest.mark.slow
def test_a_server_that_never_speaks_is_left_in_time(access: Access) -> None:
    limits = Limits(connect_s=0.3, setup_s=0.6)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(TryAgain, match=r"bank\.example"),
        sftp_session.opened(replace(access, port=silent.getsockname()[1]), limits),
    ):
        pass


def _stalled(proxy: Proxy, session: sftp_session.Session, path: Path) -> None:
    proxy.weather = Weather(stalls=True)
    session.write(str(path), iter([b"x" * 1000] * 100))


@pytest.mark.slow
@pytest.mark.parametrize("limits", [{"answer_s": 5.0}, {"whole_s": 0.5}])
def test_a_server_that_hangs_in_the_middle_is_left_in_time(
    sshd: Sshd, access: Access, limits: dict[str, float]
) -> None:
    with (
        proxy_of(sshd.port) as proxy,
        pytest.raises(TryAgain, match=r"bank\.example: write"),
        sftp_session.opened(replace(access, port=proxy.port), Limits(**limits)) as session,
    ):
        _stalled(proxy, session, sshd.folder("out") / "x")
    assert "x" not in sshd.names("out")


@pytest.mark.slow
def test_a_file_that_another_worker_began_meanwhile_is_not_taken_for_whole(sshd: Sshd, access: Access) -> None:
    class Died(Exception):
        pass

    def dies() -> Iterator[bytes]:
        yield BYTES[:10]
        raise Died

    with sftp_session.opened(access) as one, sftp_session.opened(access) as other:

        def interrupted() -> Iterator[bytes]:
            yield BYTES[:20_000]
            with pytest.raises(Died):
                other.write(str(sshd.folder("out") / "x"), dies())
            yield BYTES[20_000:]

        with pytest.raises(TryAgain, match="did not arrive whole"):
            one.write(str(sshd.folder("out") / "x"), interrupted())
    assert "x" not in sshd.names("out")
