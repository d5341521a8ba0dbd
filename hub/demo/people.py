"""The invented people of the demo: cardholders who can sign in without a host app, and an account for every role."""

from collections.abc import Mapping
from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric

from hub.domain.errors import NotFound
from hub.domain.plain import Plain
from hub.domain.staff import BANK_ROLES, Role
from hub.services.accounts import demo_accounts, staff, teams
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from storage import banks, clients
from storage import staff as staff_rows
from storage.drafts import FORM_CLIENT

CLIENT_NAME = "demo"
ICBC, CMB, CITIC = "01020000", "03080000", "03020000"
# An invented consumer-finance company: it has no cards.
LENDER = "Q7K2M9XA"
_BINS = {ICBC: "622210", CMB: "622575", CITIC: "622453"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented cardholder."""

    name: str
    number: int

    @property
    def id_number(self) -> str:
        """A resident ID number with a right check character."""
        digits = f"110105{1980 + self.number % 20}0{1 + self.number % 9}{10 + self.number % 18}{100 + self.number:03d}"
        return digits + str(ric.calc_check_digit(f"{digits}?"))

    @property
    def mobile(self) -> str:
        """A mobile number of the person's own."""
        return f"1380013{8000 + self.number:04d}"

    @property
    def subject(self) -> str:
        """What the demo's host app calls the person."""
        return f"demo-person-{self.number}"

    def contract_last4(self) -> str:
        """The end of the number of the person's loan contract."""
        return f"{7300 + self.number}"

    def card(self, bank_code: str) -> str:
        """A credit card number of that bank that passes the Luhn check."""
        head = f"{_BINS[bank_code]}{self.number:09d}"
        return head + str(luhn.calc_check_digit(head))


_NAMES = {
    Role.REVIEWER: "周敏",
    Role.SUPERVISOR: "韩磊",
    Role.AUDITOR: "谢岚",
    Role.BANK_ADMIN: "郭静",
    Role.OPERATOR: "平台运营",
}
# Colleagues of the accounts at the demo's door: two teams a bank, each with reviewers and a supervisor who leads it.
_TEAMS: Mapping[str, tuple[tuple[str, tuple[tuple[Role, str], ...]], ...]] = {
    ICBC: (
        ("一组", ((Role.REVIEWER, "陈磊"),)),
        ("二组", ((Role.REVIEWER, "李静"), (Role.REVIEWER, "何雨"), (Role.SUPERVISOR, "方涛"))),
    ),
    CMB: (
        ("华东组", ((Role.REVIEWER, "孙悦"),)),
        ("华南组", ((Role.REVIEWER, "马骏"), (Role.REVIEWER, "白雪"), (Role.SUPERVISOR, "梁宇"))),
    ),
    CITIC: (
        ("协商一组", ((Role.REVIEWER, "许晴"),)),
        ("协商二组", ((Role.REVIEWER, "曹阳"), (Role.REVIEWER, "丁宁"), (Role.SUPERVISOR, "邵峰"))),
    ),
    LENDER: (
        ("贷后一组", ((Role.REVIEWER, "沈薇"),)),
        ("贷后二组", ((Role.REVIEWER, "顾晨"), (Role.SUPERVISOR, "田野"))),
    ),
}
SECOND_SUPERVISOR = "supervisor-2-"
"""What stands before a bank's code where the other of its supervisors is meant."""
CARDHOLDERS = {
    f"cardholder-{number}": Person(name=name, number=number)
    for number, name in enumerate(("王小明", "李秀英", "张伟"), start=1)
} | {"cardholder-5": Person(name="何静", number=90)}
"""Who can sign in at the demo's door, by the word that door takes; the last one negotiates with nobody."""


def cardholder(tx: HubTransaction, word: str) -> Plain:
    """The person as a host app would send them over, with a card of each bank; raises `NotFound`."""
    if word not in CARDHOLDERS:
        raise NotFound
    person = CARDHOLDERS[word]
    client = clients.find_client_named(tx, CLIENT_NAME)
    return {
        "client_id": FORM_CLIENT if client is None else client.id,
        "subject": person.subject,
        "name": person.name,
        "mobile": person.mobile,
        "id_type": "resident_id",
        "id_number": person.id_number,
        "cards": [[bank.code, person.card(bank.code)] for bank in banks.list_banks(tx) if bank.code in _BINS],
    }


def account(tx: HubTransaction, word: str) -> Staff:
    """The demo account that `reviewer-01020000`, `operator` and the like name; `SECOND_SUPERVISOR` as well.

    Raises `NotFound` for a word that names none, and for an account that was not made beforehand.
    """
    if word.startswith(SECOND_SUPERVISOR):
        found = second_supervisor(tx, word.removeprefix(SECOND_SUPERVISOR))
    else:
        role, bank_code = _read(word)
        found = demo_accounts.find_demo(tx, role=role, bank_code=bank_code)
    if found is None:
        raise NotFound
    return found


def second_supervisor(tx: HubTransaction, bank_code: str) -> Staff | None:
    """Another of the bank's demo supervisors, for what needs two of them; None where there is one alone."""
    return next(iter(_demo_people(tx, bank_code, Role.SUPERVISOR)[1:]), None)


def add_accounts(tx: HubTransaction) -> None:
    """Every bank has a demo account of each role, and the hub one operator; a second time changes nothing."""
    _add_account(tx, Role.OPERATOR, Role.OPERATOR, None)
    for bank in banks.list_banks(tx):
        for role in BANK_ROLES:
            _add_account(tx, f"{word_of(role)}-{bank.code}", role, bank.code)


def _add_account(tx: HubTransaction, word: str, role: Role, bank_code: str | None) -> None:
    if demo_accounts.find_demo(tx, role=role, bank_code=bank_code) is None:
        staff.add_demo(tx, role=role, email=f"{word}@demo.example", bank_code=bank_code, name=_NAMES[role])


def add_colleagues(tx: HubTransaction) -> None:
    """The banks of the stories have two teams; those who enter at the demo's door work in the first one."""
    for code, of_bank in _TEAMS.items():
        for number, (name, people) in enumerate(of_bank):
            team = teams.add(tx, name, bank_code=code)
            for role, called in people:
                email = f"{word_of(role)}-{called.encode().hex()}-{code}@demo.example"
                made = staff.add_demo(tx, role=role, email=email, bank_code=code, name=called)
                teams.place(tx, made.id, team.id, bank_code=code)
            for role in (Role.REVIEWER, Role.SUPERVISOR) if number == 0 else ():
                teams.place(tx, account(tx, f"{word_of(role)}-{code}").id, team.id, bank_code=code)


def reviewers(tx: HubTransaction, bank_code: str) -> list[Staff]:
    """The bank's reviewers, who work on its cases in turn."""
    return _demo_people(tx, bank_code, Role.REVIEWER)


def _demo_people(tx: HubTransaction, bank_code: str, role: Role) -> list[Staff]:
    people = staff_rows.list_of_bank(tx, bank_code)
    return [staff.value_of(tx, each) for each in people if each.role == role and each.is_demo and each.active]


def word_of(role: Role) -> str:
    """The role as it stands in front of a bank's code."""
    return role.replace("_", "-")


def _read(word: str) -> tuple[Role, str | None]:
    if word == Role.OPERATOR:
        return Role.OPERATOR, None
    for role in BANK_ROLES:
        head = f"{word_of(role)}-"
        if word.startswith(head):
            return role, word[len(head) :]
    raise NotFound
