"""What stands around the hub on its machine: scanner, clock and logs, each file read by the program it is for."""

import io
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.documents.scanner import NotScannedError, ScannerUrl, ping, scan
from hub.domain.errors import TryAgain
from hub.domain.evidence import MAX_FILE_SIZE
from hub.server import log_lines
from hub.web import logs
from tests.deploy import DEPLOY
from tests.deploy.certificates import certify
from tests.dying_together import dying_with_us
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

SBIN = "/usr/sbin:/usr/local/sbin:/usr/bin"
CLAMD, RSYSLOGD, CHRONYD = (shutil.which(name, path=SBIN) for name in ("clamd", "rsyslogd", "chronyd"))
JOURNALD = Path("/lib/systemd/systemd-journald")
MARKER = b"a-signature-of-the-tests-own"


@pytest.fixture
def clamd(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ScannerUrl]:
    """A clamd with the settings of docs/deploy, in a folder of its own and with one signature of the test's own.

    A parameter is the unit of its sizes for what is unpacked, in place of M.
    """
    (tmp_path / "own.ndb").write_text(f"Hub.Test.Marker:0:*:{MARKER.hex()}\n")
    text = (DEPLOY / "clamav" / "clamd.conf").read_text(encoding="utf-8")
    for written, ours in (
        ("/run/clamav/clamd.ctl", f"{tmp_path}/ctl"),
        ("/var/lib/clamav", str(tmp_path)),
        ("User clamav\n", ""),
        ("LogSyslog yes\nLogFacility LOG_DAEMON\n", f"LogFile {tmp_path}/log\n"),
        ("Foreground no", "Foreground yes"),
    ):
        assert written in text, written
        text = text.replace(written, ours)
    text = re.sub(
        r"^(MaxScanSize|MaxFileSize) (\d+)M$", rf"\1 \2{getattr(request, 'param', 'M')}", text, flags=re.MULTILINE
    )
    (tmp_path / "conf").write_text(text, encoding="utf-8")
    command = dying_with_us([str(CLAMD), "-c", str(tmp_path / "conf")], signal.SIGTERM)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = ScannerUrl.parse(f"unix://{tmp_path}/ctl")
    try:
        wait_until(lambda: _answers(url) or process.poll() is not None, what="clamd")
        yield url
    finally:
        process.kill()
        process.wait()


def _answers(url: ScannerUrl) -> bool:
    try:
        ping(url)
    except TryAgain:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(CLAMD is None, reason="this machine has no clamd")
def test_the_scanner_takes_the_largest_upload_and_sees_it_to_its_end(clamd: ScannerUrl) -> None:
    assert scan([b"%" * MAX_FILE_SIZE], clamd) is None
    assert scan([b"%" * (MAX_FILE_SIZE - len(MARKER)), MARKER], clamd) == "Hub.Test.Marker.UNOFFICIAL"


def packed(size: int) -> bytes:
    """A zip with one file of that size, which the marker ends."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("paper.txt", (b"a page of some words " * (size // 21 + 1))[: size - len(MARKER)] + MARKER)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(CLAMD is None, reason="this machine has no clamd")
def test_the_scanner_sees_a_file_in_a_zip_to_its_end(clamd: ScannerUrl) -> None:
    assert scan([packed(30 * 1024 * 1024)], clamd) == "Hub.Test.Marker.UNOFFICIAL"


@pytest.mark.slow
@pytest.mark.skipif(CLAMD is None, reason="this machine has no clamd")
@pytest.mark.parametrize("clamd", ["K"], indirect=True)
def test_a_file_in_a_zip_that_is_more_than_the_scanner_looks_through_is_not_called_clean(clamd: ScannerUrl) -> None:
    for size in (401, 402, 500, 2000):
        with pytest.raises(NotScannedError):
            scan([packed(size * 1024)], clamd)


@pytest.mark.parametrize("folder", ["clamav", "container"])
def test_both_settings_of_the_scanner_unpack_more_than_they_look_through(folder: str) -> None:
    found = dict(
        re.findall(r"^(MaxScanSize|MaxFileSize) (\d+)M$", (DEPLOY / folder / "clamd.conf").read_text(), re.MULTILINE)
    )
    assert int(found["MaxFileSize"]) > int(found["MaxScanSize"])


@pytest.mark.skipif(CHRONYD is None, reason="this machine has no chronyd")
def test_the_clock_is_set_by_words_that_chrony_knows(tmp_path: Path) -> None:
    words = (DEPLOY / "time" / "chrony.conf").read_text()
    for more, status in (("", 0), ("lettheclockrun 1\n", 1)):
        (tmp_path / "conf").write_text(words + more)
        looked = subprocess.run(
            [str(CHRONYD), "-p", "-f", str(tmp_path / "conf")], capture_output=True, text=True, check=False
        )
        assert looked.returncode == status, looked.stderr


@pytest.mark.skipif(not JOURNALD.exists(), reason="this machine has no journald")
def test_the_journal_knows_every_word_of_its_settings() -> None:
    program = JOURNALD.read_bytes()
    words = re.findall(r"^(\w+)=", (DEPLOY / "logs" / "journald.conf").read_text(), re.MULTILINE)
    assert words
    assert [word for word in words if f"Journal.{word}\0".encode() not in program] == []


def _receiver(place: Path, lines: list[str]) -> socket.socket:
    """Another machine, which keeps what it is sent over TLS; gives what listens."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "fullchain.pem", place / "privkey.pem")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            with context.wrap_socket(listener.accept()[0], server_side=True) as line:
                while piece := line.recv(4096):
                    lines.append(piece.decode())
        except OSError:
            return

    threading.Thread(target=serve, daemon=True).start()
    return listener


@pytest.mark.slow
@pytest.mark.skipif(RSYSLOGD is None, reason="this machine has no rsyslogd")
def test_lines_of_the_hub_reach_another_machine_over_tls_and_no_others_do(tmp_path: Path) -> None:
    certify(tmp_path, "logs.example")
    lines: list[str] = []
    listener = _receiver(tmp_path, lines)
    port = free_port()
    text = (DEPLOY / "logs" / "rsyslog.conf").read_text(encoding="utf-8")
    for written, ours in (
        ("/etc/hub/logs/ca.pem", f"{tmp_path}/authority.pem"),
        ('target="logs.example" port="6514"', f'target="127.0.0.1" port="{listener.getsockname()[1]}"'),
    ):
        assert written in text, written
        text = text.replace(written, ours)
    around = (
        f'global(workDirectory="{tmp_path}")\nmodule(load="imtcp")\n'
        f'input(type="imtcp" port="{port}" address="127.0.0.1")\n'
    )
    (tmp_path / "conf").write_text(around + text, encoding="utf-8")
    with _rsyslogd(tmp_path / "conf") as process:
        wait_until(lambda: _sent(port) or process.poll() is not None, what="rsyslogd")
        wait_until(lambda: "".join(lines).count("\n") == 2, what="both lines")
    listener.close()
    said = "".join(lines)
    assert said.endswith('hub-web {"event": "request"}\n')
    assert "sshd" not in said
    assert all(line.startswith("<14>") for line in said.splitlines())
    assert _received(tmp_path, said) == ['hub-web {"event": "start"}', 'hub-web {"event": "request"}']


def _received(tmp_path: Path, said: str) -> list[str]:
    """What a receiver that knows nothing of us makes of these lines: another rsyslogd, with its own way of reading."""
    port, file = free_port(), tmp_path / "received"
    (tmp_path / "receiver").write_text(
        f'global(workDirectory="{tmp_path}")\nmodule(load="imtcp")\n'
        f'input(type="imtcp" port="{port}" address="127.0.0.1")\n'
        'template(name="said" type="string" string="%programname%%msg%\\n")\n'
        f'action(type="omfile" file="{file}" template="said")\n',
        encoding="utf-8",
    )
    with _rsyslogd(tmp_path / "receiver") as process:
        wait_until(lambda: _taken(port, said) or process.poll() is not None, what="the receiver")
    return file.read_text(encoding="utf-8").splitlines()


@contextmanager
def _rsyslogd(conf: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An rsyslogd with these settings, ended with everything written that it took."""
    command = [str(RSYSLOGD), "-f", str(conf)]
    looked = subprocess.run([*command, "-N1"], capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
    running = dying_with_us([*command, "-n", "-i", f"{conf}.pid"], signal.SIGTERM)
    process = subprocess.Popen(running, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _taken(port: int, said: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(said.encode())
            line.shutdown(socket.SHUT_WR)
            line.recv(1)
    except OSError:
        return False
    return True


def _sent(port: int) -> bool:
    at = time.strftime("%b %e %H:%M:%S")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            for name, said in (
                ("hub-web[2]", '{"event": "start"}'),
                ("sshd[1]", "somebody came"),
                ("hub-web[2]", '{"event": "request"}'),
            ):
                line.sendall(f"<14>{at} a-host {name}: {said}\n".encode())
    except OSError:
        return False
    return True


def test_what_is_said_of_connections_and_limits_is_the_same_everywhere() -> None:
    ini = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
    page = (DEPLOY / "README.md").read_text(encoding="utf-8")
    roles = (DEPLOY / "postgresql" / "database.sql").read_text(encoding="utf-8")
    [(web, worker)] = re.findall(r"up to (\d+) a web process .* and (\d+) a worker", page)
    assert f"a worker has up to {worker} of its own" in ini
    assert f"A web process opens up to {web}." in ini
    limits = dict(re.findall(r"SET (\w+_timeout) = '(\d+)s'", roles))
    statement, idle = limits["statement_timeout"], limits["idle_in_transaction_session_timeout"]
    assert f"ends a statement after {statement} s and an idle transaction after {idle}" in ini


def test_the_document_names_every_field_of_a_line() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8").partition("### Logs")[2].partition("\n### ")[0]
    named = {
        name for row in re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert named == {*logs._TAKEN, *log_lines._EXTRAS, "logger"}
