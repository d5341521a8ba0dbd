"""The server of the embedded default (waitress): in this process, beside the worker.

granian serves in a process of its own; its way to serve inside another's it calls experimental itself.
"""

import threading
import time
from collections.abc import Callable
from socket import socket
from typing import TYPE_CHECKING, Final

from waitress import wasyncore
from waitress.server import create_server

from hub.domain.evidence import MAX_FILE_SIZE
from hub.server import connections
from hub.server.deadlines import FINISH_WITHIN_S, HEAD_WITHIN_S, MOST_CONNECTIONS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WEB_THREADS: Final = 8
# How long a server with nothing to do may take to see that it was asked to end.
LOOK_INTERVAL_S: Final = 0.5


def serve(
    app: "WSGIApplication", host: str, port: int, ended: threading.Event, *, announce: Callable[[int], None]
) -> None:
    """Answers requests until `ended` is set; those in hand are finished. `announce` gets the port once it is open."""
    sockets: dict[int, socket] = {}
    server = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=WEB_THREADS,
        # An evidence file passes through memory in one piece of work instead of a temporary file, and in few reads: one
        # thread reads for all connections, and a look at them costs it as much as a read.
        recv_bytes=1_048_576,
        inbuf_overflow=MAX_FILE_SIZE + 2_000_000,
        # An answer is made whole, and the thread is free. What is not taken yet lies in a file beyond a megabyte.
        outbuf_high_watermark=2**40,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=int(HEAD_WITHIN_S),
        cleanup_interval=5,
        # What is larger than a file may be still reaches the application, which refuses it in words.
        max_request_body_size=4 * MAX_FILE_SIZE,
        max_request_header_size=32_768,
        ident=None,
        # Whom to believe about forwarding, the application knows (HUB_TRUSTED_PROXIES).
        clear_untrusted_proxy_headers=False,
    )
    connections.use_on(sockets)
    # Port 0 asks for any free one; several sockets, as for "localhost", always bear the one that was given.
    announce(getattr(server, "effective_port", port))
    looked = time.monotonic()
    try:
        while not ended.is_set():
            wasyncore.loop(timeout=LOOK_INTERVAL_S, use_poll=True, map=sockets, count=1)
            if time.monotonic() - looked > LOOK_INTERVAL_S:
                looked = time.monotonic()
                connections.end_overdue(sockets)
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_WITHIN_S)
        server.close()
