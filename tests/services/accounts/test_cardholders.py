"""Cardholders: which negotiations a person sees, by how they came in."""

import pytest

from hub.services.accounts.cardholders import Cardholder, may_see
from storage.records import NegotiationRecord

MOBILE, OLD_MOBILE, DOCUMENT = b"mobile", b"old mobile", b"document"
BY_TEXT_MESSAGE = Cardholder(key="a", mobile="13800138000", mobile_indexes=(MOBILE,))
FROM_AN_APP = Cardholder(
    key="b", mobile="13800138000", mobile_indexes=(MOBILE,), person_indexes=(DOCUMENT,), client_id="app"
)
PROVED = Cardholder(
    key="c",
    mobile="13800138000",
    mobile_indexes=(MOBILE,),
    person_indexes=(DOCUMENT,),
    client_id="app",
    proved_mobile_indexes=(OLD_MOBILE,),
)


def _negotiation(
    *, mobile: bytes = MOBILE, document: bytes = DOCUMENT, client: str = "app", launched_by: str | None = None
) -> NegotiationRecord:
    return NegotiationRecord(mobile_index=mobile, person_index=document, client_id=client, launch_client_id=launched_by)


@pytest.mark.parametrize(
    ("who", "negotiation", "seen"),
    [
        (BY_TEXT_MESSAGE, _negotiation(client="another"), True),
        (BY_TEXT_MESSAGE, _negotiation(mobile=OLD_MOBILE), False),
        (FROM_AN_APP, _negotiation(), True),
        (FROM_AN_APP, _negotiation(mobile=OLD_MOBILE), True),
        # Made at the hub's own pages, where the app had sent the person.
        (FROM_AN_APP, _negotiation(client="form", launched_by="app"), True),
        (FROM_AN_APP, _negotiation(client="app", launched_by="another"), False),
        # The app's word about a document opens nothing of another's, nor does the mobile beside it.
        (FROM_AN_APP, _negotiation(client="another"), False),
        (FROM_AN_APP, _negotiation(document=b"another"), False),
        (PROVED, _negotiation(client="another", mobile=OLD_MOBILE), True),
        (PROVED, _negotiation(client="another"), False),
        (PROVED, _negotiation(document=b"another", mobile=OLD_MOBILE), False),
    ],
)
def test_a_person_sees_what_their_way_in_opens_and_nothing_else(
    who: Cardholder, negotiation: NegotiationRecord, seen: bool
) -> None:
    assert may_see(who, negotiation) is seen
