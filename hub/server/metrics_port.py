"""The port of `/metrics`, where HUB_METRICS_PORT names one: beside the application, in every process that serves it."""

import socket
import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from hub.web.metrics import OWN_PORT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # All web processes of one command listen; whichever is asked knows the figures of all.
    allow_reuse_port = True


class _ServerV6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Nothing: the application writes a line of its own."""


def serve_metrics(app: "WSGIApplication", host: str, port: int) -> None:
    """`/metrics` of `app` answers at that port from now on, and nothing else does; raises `OSError`."""

    def metrics_alone(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics" or environ["REQUEST_METHOD"] != "GET":
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        return app({**environ, OWN_PORT: True}, start_response)

    kind = _ServerV6 if ":" in host else _Server
    server = make_server(host, port, metrics_alone, server_class=kind, handler_class=_Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
