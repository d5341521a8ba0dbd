"""When the largest thing on a cardholder's page is painted: on a slow line, with a slow processor, nothing kept.

The floor is a page of one heading and one paragraph, served beside it, without a style.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from hub.app import create_app
from hub.demo import people
from hub.domain.actor import HUB
from hub.services.accounts import sign_in
from tests.bench.servers import hub_served, make_home, open_hub, place
from tests.bench.tables import middle, table

PATHS = ("/apply/", "/apply/reason", "/my/")
# "Slow 4G" and a phone of the lower half.
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
_SLOWER = 4
_PAINTED = """
new Promise((told) => new PerformanceObserver((list) => told(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))
"""
_BARE = (
    '<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width">'
    "<title>x</title><h1>和银行商量还款</h1><p>还款有困难，可以在这里一次向多家银行提出协商。</p>"
).encode()


def measure(rounds: int) -> str:
    """The table, in milliseconds; a visit each, from an empty cache."""
    found: dict[str, list[float]] = {}
    with place("sqlite") as where, sync_playwright() as playwright, _bare_served() as bare:
        make_home(where, "hub")
        cookie = _signed_in(where)
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with hub_served(where, "hub", "web") as web:
            for turn in range(rounds + 1):
                for path, address in (("", bare), *((each, web.address + each) for each in PATHS)):
                    painted = _painted_ms(chromium, address, cookie)
                    if turn:
                        found.setdefault(path, []).append(painted)
        chromium.close()
    floor = found.pop("")
    rows = [("a bare page", middle(floor, ".0f"), "1")]
    for path, taken in found.items():
        ratios = [ours / least for ours, least in zip(taken, floor, strict=True)]
        rows.append((f"`{path}`", middle(taken, ".0f"), middle(ratios, ".2f")))
    head = f"Largest paint, slow 4G, processor slowed {_SLOWER} times, {rounds} rounds"
    return f"{head}\n\n" + table(("page", "ms", "to the bare page"), rows)


def _signed_in(where: Any) -> tuple[str, str]:
    """The cookie of somebody who is signed in."""
    hub = open_hub(where, "hub")
    hub.migrate()
    with hub.writing(HUB) as tx:
        person = people.cardholder(tx, "cardholder-1")
        token = sign_in.open_session(tx, person, at=hub.real_clock.now())
    app = create_app(hub)
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    hub.close()
    return app.config["SESSION_COOKIE_NAME"], signer.dumps({"cardholder": token})


def _painted_ms(chromium: Browser, address: str, cookie: tuple[str, str]) -> float:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(address, wait_until="networkidle")
    if page.url.rstrip("/") != address.rstrip("/"):
        raise RuntimeError(f"{address} led to {page.url}")
    painted: float = page.evaluate(_PAINTED)
    context.close()
    return painted


class _Bare(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_BARE)))
        self.end_headers()
        self.wfile.write(_BARE)

    def log_message(self, *_: Any, **__: Any) -> None:
        pass


@contextmanager
def _bare_served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bare)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
