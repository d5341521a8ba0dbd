"""The mail with the newest head: to each bank's desk, to be kept, with nothing of any person."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from hub.domain.errors import TryAgain
from hub.domain.log_heads import heads_in
from hub.services.log_heads import signing
from hub.services.notifications import head_mail
from tests.applications import CMB, ICBC
from tests.services.conftest import OpenCase, SetRules


class Desks:
    """A mail server that keeps what it is given."""

    address = "hub@example.com"

    def __init__(self, *, is_away: bool = False) -> None:
        self.sent: list[EmailMessage] = []
        self._is_away = is_away

    @contextmanager
    def opened(self) -> Iterator["Desks"]:
        if self._is_away:
            raise TryAgain("away")
        yield self

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


def test_each_desk_is_mailed_the_newest_head_and_can_check_with_the_mail_itself(
    open_case: OpenCase, set_rules: SetRules
) -> None:
    case, desks = open_case(), Desks()
    set_rules(ICBC, desk_email="desk@icbc.example")
    set_rules(CMB, desk_email="desk@cmb.example")
    assert head_mail.tell(case.hub, desks) == 0  # type: ignore[arg-type]
    signing.sign_all(case.hub)
    assert head_mail.tell(case.hub, desks) >= 2  # type: ignore[arg-type]
    assert {"desk@icbc.example", "desk@cmb.example"} <= {str(each["To"]) for each in desks.sent}
    for mail in desks.sent:
        [head] = heads_in(mail.as_bytes())
        assert head.number == 1
        said = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        # What an archive keeps of a mail may be its words alone.
        assert heads_in(said.encode()) == [head]
        assert "请把这封邮件存档" in said
        assert "Please keep this mail" in said
        assert "XS-" not in said


def test_a_mail_server_that_is_away_breaks_nothing(open_case: OpenCase, set_rules: SetRules) -> None:
    case = open_case()
    set_rules(ICBC, desk_email="desk@icbc.example")
    signing.sign_all(case.hub)
    assert head_mail.tell(case.hub, Desks(is_away=True)) == 0  # type: ignore[arg-type]
