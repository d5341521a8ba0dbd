"""The server of a production (granian): one process that keeps others, which answer."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from hub.jobs import engine  # noqa: F401 - loaded before the processes part, which share it then
from hub.server.buffered import Buffered
from hub.server.deadlines import FINISH_WITHIN_S, HEAD_WITHIN_S, MOST_CONNECTIONS
from hub.server.metrics_port import serve_metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# How much of a body is read ahead for each connection: a quarter of what the server would, for as much processor.
_READ_AHEAD = 131_072
# Of each process, for requests whose bodies are there.
_THREADS = 4
# The server's lines go where ours go, as JSON.
_LOGGING: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "level": "INFO", "propagate": True}},
}


def serve(app: "WSGIApplication", host: str, port: int, *, count: int, metrics_port: int | None) -> None:
    """`app` answers in as many processes as `count` until this one is asked to end; one that dies is replaced.

    They are forked with it, so it holds no connection yet. Raises `SystemExit` where they die again and again.
    """
    alive, held = os.pipe()

    def loaded() -> Callable[..., Any]:
        os.close(held)
        # Until the server listens to them here, whoever is told to end has nothing in hand, and ends.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        threading.Thread(target=_end_with_parent, args=(alive,), name="parent", daemon=True).start()
        if metrics_port is not None:
            serve_metrics(app, host, metrics_port)
        return Buffered(app, threads=_THREADS).__rsgi__

    # Other ways to start a process would load everything anew, and each would keep it for itself.
    multiprocessing.set_start_method("fork", force=True)
    gc.collect()
    # The collector of a process would write to every object it looks at, and so make the page of memory its own.
    gc.freeze()
    server = _server(host, port, count)
    hung_up = signal.getsignal(signal.SIGHUP)

    @server.on_startup
    def end_when_hung_up() -> None:
        # The server would start its processes anew, with the same application. `nohup` is left its way.
        signal.signal(signal.SIGHUP, signal.SIG_IGN if hung_up == signal.SIG_IGN else server.signal_handler_interrupt)

    server.serve(target_loader=loaded, wrap_loader=False)


def _end_with_parent(alive: int) -> None:
    """This process ends once nobody holds the other end of `alive`, which its parent alone does.

    The server leaves its processes alone when it is killed, and they would share the port with the next one's.
    """
    os.read(alive, 1)
    threading.Timer(FINISH_WITHIN_S, os._exit, args=(1,)).start()
    os.kill(os.getpid(), signal.SIGTERM)


def _server(host: str, port: int, count: int) -> MPServer:
    return MPServer(
        "hub",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # Plain HTTP/1.1 is what a proxy in front speaks, and the least work for each body.
        http=HTTPModes.http1,
        websockets=False,
        workers=count,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(max_buffer_size=_READ_AHEAD, header_read_timeout=int(HEAD_WITHIN_S * 1000)),
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        # One that is told to end while it starts does not hear it, and would be waited for without end.
        workers_kill_timeout=FINISH_WITHIN_S,
    )
