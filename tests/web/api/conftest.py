"""An agreement between a person and a bank."""

import pytest

from tests.conftest import SentMessages
from tests.web.caller import Caller, made


@pytest.fixture
def agreed(host_app: Caller, offered: str, sms: SentMessages) -> str:
    """The path of a negotiation with an agreement in force."""
    made(host_app.post(f"{offered}/confirmation-codes"), 202)
    made(host_app.post(f"{offered}/accept", {"confirmation_code": sms.sent[0][1][:6]}), 200)
    return offered.partition("/offers/")[0]
