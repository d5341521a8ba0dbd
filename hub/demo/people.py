"""The invented people of the demo: cardholders who can sign in without a host app, and an account for every role."""

from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric

from hub.domain.errors import NotFound
from hub.domain.plain import Plain
from hub.domain.staff import BANK_ROLES, Role
from hub.services.accounts import staff
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from storage import banks, clients
from storage.drafts import FORM_CLIENT

CLIENT_NAME = "demo"
ICBC, CMB, CITIC = "01020000", "03080000", "03020000"
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
CARDHOLDERS = {
    f"cardholder-{number}": Person(name=name, number=number)
    for number, name in enumerate(("王小明", "李秀英", "张伟"), start=1)
}
"""Who can sign in at the demo's door, by the word that door takes."""


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
    """The demo account that `reviewer-01020000`, `operator` and the like name.

    Raises `NotFound` for a word that names none, and for an account that was not made beforehand.
    """
    role, bank_code = _read(word)
    found = staff.find_demo(tx, role=role, bank_code=bank_code)
    if found is None:
        raise NotFound
    return found


def add_accounts(tx: HubTransaction) -> None:
    """Every bank has a demo account of each role, and the hub one operator; a second time changes nothing."""
    _add_account(tx, Role.OPERATOR, Role.OPERATOR, None)
    for bank in banks.list_banks(tx):
        for role in BANK_ROLES:
            _add_account(tx, f"{word_of(role)}-{bank.code}", role, bank.code)


def _add_account(tx: HubTransaction, word: str, role: Role, bank_code: str | None) -> None:
    if staff.find_demo(tx, role=role, bank_code=bank_code) is None:
        staff.add_demo(tx, role=role, email=f"{word}@demo.example", bank_code=bank_code, name=_NAMES[role])


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
