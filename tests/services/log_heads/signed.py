"""A signed head over all that is written."""

from hub.domain.actor import HUB
from hub.domain.log_heads import Head
from hub.services.log_heads import signing
from tests.services.case import Case


def sign(case: Case) -> Head:
    """The newest head, signed just now."""
    signing.sign_all(case.hub)
    with case.hub.reading(HUB) as tx:
        head = signing.newest(tx)
    assert head is not None
    return head
