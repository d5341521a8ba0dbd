"""A time stamp authority on this machine, over HTTP: it stamps, or answers as it is told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hub.documents.seal_files import SealKey
from tests.documents.seals import NOW, Authority, rsa_key


class StampService:
    """`spoil` changes what is asked, and `spoil_answer` what is answered; `content` is sent in place of any answer.

    With `embedded` each stamp carries these certificates too.
    """

    def __init__(self, authority: Authority, at: datetime = NOW, embedded: Sequence[SealKey] = ()) -> None:
        key = authority.issue("时间戳", key=rsa_key(), stamps_times=True, ends_at=at + timedelta(days=3650))
        private = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([_loaded(each) for each in embedded])
        self._stamper = DummyTimeStamper(
            _loaded(key),
            keys.PrivateKeyInfo.load(private),
            certs_to_embed=store,
            fixed_dt=at,
        )
        self.status = 200
        self.content: bytes | None = None
        self.spoil: Callable[[tsp.TimeStampReq], tsp.TimeStampReq] = lambda query: query
        self.spoil_answer: Callable[[bytes], bytes] = lambda answer: answer
        self.asked: list[bytes] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(query)
                is_query = self.headers["Content-Type"] == "application/timestamp-query"
                answer = service.answer_to(query) if is_query else b""
                self.send_response(service.status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/stamp"

    def answer_to(self, query: bytes) -> bytes:
        """The DER of the answer."""
        if self.content is not None:
            return self.content
        answer: bytes = self._stamper.request_tsa_response(self.spoil(tsp.TimeStampReq.load(query))).dump()
        return self.spoil_answer(answer)


def _loaded(key: SealKey) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))


@contextmanager
def stamping(authority: Authority, embedded: Sequence[SealKey] = ()) -> Iterator[StampService]:
    """The service, up."""
    made = StampService(authority, embedded=embedded)
    thread = Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()
