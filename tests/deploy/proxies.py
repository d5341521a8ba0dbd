"""A real nginx with the site of docs/deploy, on ports of its own, with a certificate of an authority of its own."""

import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.deploy import DEPLOY
from tests.deploy.certificates import certify
from tests.dying_together import dying_with_us
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port
from tests.weather.serving import Answer, Program

NAME = "hub.example"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")

_MAIN = """
daemon off; pid {place}/pid; error_log {place}/error.log; worker_processes 1; {user}
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
  include {place}/site;
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """A running proxy."""

    place: Path
    http_port: int
    https_port: int

    @property
    def trust(self) -> Path:
        """The certificate of the authority that its own is from."""
        return self.place / "authority.pem"

    def door(self, token: str = "") -> "Through":
        """A program that calls the hub through it."""
        pool = urllib3.PoolManager(
            ca_certs=str(self.trust), server_hostname=NAME, assert_hostname=NAME, retries=False, timeout=90
        )
        return Through(address=f"https://127.0.0.1:{self.https_port}", token=token, pool=pool)

    def line(self) -> ssl.SSLSocket:
        """A connection over TLS on which nothing was said yet."""
        context = ssl.create_default_context(cafile=self.trust)
        return context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.https_port), timeout=90), server_hostname=NAME
        )

    @property
    def log(self) -> str:
        return (self.place / "hub.log").read_text(encoding="utf-8")


class Through(Program):
    """A program that names the host as people do, wherever the proxy of the test listens."""

    def call(self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        return super().call(method, path, body=body, headers={"Host": NAME, **(headers or {})})


@contextmanager
def nginx_before(port: int, place: Path) -> Iterator[Nginx]:
    """The proxy, in front of what listens at `port`."""
    assert NGINX is not None
    made = Nginx(place=place, http_port=free_port(), https_port=free_port())
    certify(place, NAME)
    site = (DEPLOY / "nginx" / "hub.conf").read_text(encoding="utf-8")
    for written, ours in (
        ("    listen [::]:80 default_server;\n", ""),
        ("    listen [::]:443 ssl http2 default_server;\n", ""),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80", f"listen 127.0.0.1:{made.http_port}"),
        ("listen 443", f"listen 127.0.0.1:{made.https_port}"),
        ("server 127.0.0.1:8000", f"server 127.0.0.1:{port}"),
        ("/etc/hub/tls/", f"{place}/"),
        ("/var/log/nginx/", f"{place}/"),
    ):
        assert written in site, written
        site = site.replace(written, ours)
    (place / "site").write_text(site, encoding="utf-8")
    user = "" if place.owner() != "root" else "user root;"
    (place / "nginx.conf").write_text(_MAIN.format(place=place, user=user), encoding="utf-8")
    command = [NGINX, "-p", str(place), "-e", str(place / "error.log"), "-c", str(place / "nginx.conf")]
    looked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
    assert "warn" not in looked.stderr, looked.stderr
    process = subprocess.Popen(dying_with_us(command, signal.SIGTERM), stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(made.https_port) or process.poll() is not None, what="nginx")
        yield made
    finally:
        process.terminate()
        process.wait(timeout=30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
