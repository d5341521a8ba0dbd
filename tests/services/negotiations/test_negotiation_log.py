"""An entry as it is given back is the entry that stands in the log."""

from hub.domain.correspondence import CardholderMessage
from hub.services.negotiations import correspondence
from tests.applications import ICBC
from tests.services.conftest import OpenCase


def test_what_was_written_is_given_as_it_is_read_back(open_case: OpenCase) -> None:
    case = open_case()
    message = CardholderMessage(text="您好，材料已补。", evidence=(), answers=False)
    with case.hub.writing(case.cardholder) as tx:
        written = correspondence.write_to_bank(tx, case.id, message, client_id=case.client_id)
    assert written in case.log()
    with case.hub.writing(case.REVIEWER) as tx:
        answered = correspondence.write_to_cardholder(tx, case.id, "收到。", bank_code=ICBC)
    assert case.log()[-1] == answered
