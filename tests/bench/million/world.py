"""Where the stories happen: twenty banks with the same people at each, and one host app."""

from dataclasses import dataclass
from typing import Final

from hub.banks.standard_webhooks import new_secret
from hub.demo.people import Person
from hub.domain.actor import HUB
from hub.domain.scope import Scope
from hub.domain.staff import Role
from hub.services.accounts import client_accounts, staff
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import client_notices
from storage import staff as staff_rows
from storage.client_notices import Address
from tests import applications

CLIENT: Final = "host app"
TOLD_AT: Final = applications.ICBC
"""The bank of all stories; their copies are other banks' too."""
MEASURED: Final = applications.CMB
"""As many open cases at each size."""
GROWING: Final = applications.CITIC
"""Its queue grows with the size."""
_OTHERS: Final = (
    *("01000000", "01030000", "01040000", "01050000", "03010000", "03030000", "03040000", "03050000", "03060000"),
    *("03070000", "03090000", "03100000", "03160000", "03200000", "04010000", "04020000", "05010000"),
)
BANKS: Final = (TOLD_AT, MEASURED, GROWING, *_OTHERS)
# One sign each: the copies of a story may not be longer than it is.
_SIGNS: Final = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
_PEOPLE: Final = (Role.REVIEWER, Role.REVIEWER, Role.REVIEWER, Role.SUPERVISOR)
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏辉建文斌波宇浩凯健俊帆"
# Told people are numbered below, their copies from here on.
FIRST_COPY: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Somebody(Person):
    """A person whose every mark is as long as anybody else's; `number` has seven digits."""

    @property
    def id_number(self) -> str:
        """See `Person`."""
        return applications.id_number(self.number)

    @property
    def mobile(self) -> str:
        """See `Person`."""
        return f"13{self.number:09d}"

    @property
    def subject(self) -> str:
        """See `Person`."""
        return f"bench-{self.number}"

    @property
    def email(self) -> str:
        """As `hub.demo.applications` has it."""
        return f"person{self.number}@cardholders.example"


def somebody(number: int) -> Somebody:
    """The person of that number, whose name others may have."""
    surname, rest = _SURNAMES[number % len(_SURNAMES)], number // len(_SURNAMES)
    given = _GIVEN[rest % len(_GIVEN)] + _GIVEN[rest // len(_GIVEN) % len(_GIVEN)]
    return Somebody(name=surname + given, number=number)


def bank_name(code: str) -> str:
    """What the bank is called here."""
    return f"{_SIGNS[BANKS.index(code)]}号银行"


def make(hub: Hub) -> None:
    """The hub has its tables, the bank of the stories with its people, and a host app that is told of changes."""
    hub.upgrade()
    with hub.writing(HUB) as tx:
        _add_bank(tx, TOLD_AT)
        client, _ = client_accounts.add(tx, name=CLIENT, scopes=[Scope.WRITE, Scope.READ], bank_code=None)
        client_notices.set_address(tx, client.id, Address(url="https://app.example/", secret=new_secret()))


def add_others(hub: Hub) -> None:
    """All the other banks are there too, with their people."""
    with hub.writing(HUB) as tx:
        for code in BANKS[1:]:
            _add_bank(tx, code)


def _add_bank(tx: HubTransaction, code: str) -> None:
    settings = {"hotline": "95588", "desk_email": f"desk@{code}.example"}
    name_en = f"Bank {chr(ord('A') + BANKS.index(code))}"
    banks.add(tx, code=code, name_zh=bank_name(code), name_en=name_en, adapter="portal", settings=settings)
    for number, role in enumerate(_PEOPLE):
        email = f"{role}{number}@{code}.example"
        staff.add_demo(tx, role=role, email=email, bank_code=code, name=f"{_SIGNS[number]}经办")


def people_of(tx: HubTransaction, code: str) -> list[str]:
    """The ids of the bank's people, in the same order at each bank."""
    return sorted(each.id for each in staff_rows.list_of_bank(tx, code))
