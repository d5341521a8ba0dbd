"""Time stamps over HTTP, as RFC 3161 section 3.4 has it: a query is posted, and its answer comes back."""

from hub.banks.outgoing import OutgoingHttp
from hub.domain.errors import TryAgain

ANSWER_S = 10.0
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class HttpTimeStampAuthority:
    """Asks the authority at HUB_TSA_URL. It sees the digest of a signature and nothing else, so plain HTTP will do."""

    def __init__(self, url: str, http: OutgoingHttp) -> None:
        self._url = url
        self._http = http

    def answer(self, query: bytes) -> bytes:
        """See `TimeStampAuthority`."""
        found = self._http.post(self._url, query, _HEADERS)
        if found.status != 200:
            raise TryAgain(f"the time stamp authority answered {found.status}")
        return found.body
