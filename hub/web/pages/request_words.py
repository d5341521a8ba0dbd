"""What requests beside negotiations are called on pages, and where the pages of each kind are.

A kind that has no page of its own for one side, or no word for a status, is shown in the words of all kinds.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from hub.domain import labels
from hub.domain.service_request import RequestKind
from hub.services.reading.requests import RequestShown
from hub.web.catalogue import marked
from hub.web.pages.translation import page_language, translate

KINDS: Final[Mapping[RequestKind, str]] = {
    RequestKind.REVOCATION: marked("撤回扣款授权"),
    RequestKind.DEDUCTION: marked("反映扣款"),
    RequestKind.INSTALMENTS: marked("取消分期、提前结清"),
    RequestKind.APPOINTMENT: marked("预约"),
}
STATUSES: Final[dict[tuple[RequestKind, str], str]] = {
    **{(RequestKind.REVOCATION, status): words for status, words in labels.REVOCATIONS.items()},
    **{(RequestKind.INSTALMENTS, status): words for status, words in labels.INSTALMENT_STATUSES.items()},
    **{(RequestKind.APPOINTMENT, status): words for status, words in labels.APPOINTMENTS.items()},
}
"""The words of a status, by the kind; a neighbour adds its own."""
BANK_PAGES: Final[dict[RequestKind, str]] = {
    RequestKind.REVOCATION: "/portal/mandates/{}",
    RequestKind.DEDUCTION: "/portal/deductions/{}",
    RequestKind.INSTALMENTS: "/portal/instalments/{}",
    RequestKind.APPOINTMENT: "/portal/appointments/{}",
}
"""The page of a kind for the bank, as `/portal/…/{}` with the matter's id in the place of `{}`."""
PERSON_PAGES: Final[dict[RequestKind, str]] = {
    RequestKind.INSTALMENTS: "/my/instalments/{}",
    RequestKind.APPOINTMENT: "/my/appointments/{}",
}
"""The same for the person, as `/my/…/{}`."""
PERSON_LISTS: Final[dict[RequestKind, str]] = {
    RequestKind.REVOCATION: "/my/mandates",
    RequestKind.DEDUCTION: "/my/deductions",
}
"""Where the person finds the papers and what else can be done, of a kind without a page of its own."""
_BANK_PAGE: Final = "/portal/requests/{}"
_PERSON_PAGE: Final = "/my/requests/{}"
_LISTS: Final[Mapping[RequestKind, str]] = {
    RequestKind.REVOCATION: marked("通知书、投诉渠道：看扣款授权"),
    RequestKind.DEDUCTION: marked("扣款情况说明：看反映过的扣款"),
}
_OF_PERSON: Final[Mapping[tuple[RequestKind, str], str]] = {
    (RequestKind.APPOINTMENT, status): words for status, words in labels.OWN_APPOINTMENTS.items()
}
"""What the person is told in other words than the bank."""
_WITH_BANK: Final = marked("等银行答复")
_OVER: Final = marked("已结束")
_GOING_ON: Final = marked("办理中")


def kind_of(request: RequestShown) -> str:
    """What is asked, in a few words."""
    return translate(KINDS[request.kind])


def status_of(request: RequestShown) -> str:
    """Where it stands, in a few words."""
    known = STATUSES.get((request.kind, request.status))
    return translate(known or (_OVER if request.is_over else _WITH_BANK if request.awaits_bank else _GOING_ON))


def status_for_person(request: RequestShown) -> str:
    """The same to the person."""
    own = _OF_PERSON.get((request.kind, request.status))
    return status_of(request) if own is None else translate(own)


def bank_of(request: RequestShown) -> str:
    """Of whom it is asked, in the language of the page."""
    return request.bank_en if page_language() == "en" else request.bank_zh


def bank_page(request: RequestShown) -> str:
    """The address of its page for the bank."""
    return BANK_PAGES.get(request.kind, _BANK_PAGE).format(request.matter_id)


def person_page(request: RequestShown) -> str:
    """The address of its page for the person."""
    return PERSON_PAGES.get(request.kind, _PERSON_PAGE).format(request.matter_id)


def way_on(request: RequestShown) -> tuple[str, str] | None:
    """Where the person goes on from the page of all kinds, and what that is called."""
    address = PERSON_LISTS.get(request.kind)
    return None if address is None else (address, translate(_LISTS[request.kind]))


def matters_of(requests: Sequence[RequestShown]) -> tuple[list[list[RequestShown]], list[list[RequestShown]]]:
    """The matters that go on and those that are over, each with its request at every bank.

    Those in which no bank's answer is waited for come first: they may wait for the person.
    """
    by_matter: dict[str, list[RequestShown]] = {}
    for each in requests:
        by_matter.setdefault(each.matter_id, []).append(each)
    open_ones = [each for each in by_matter.values() if not all(one.is_over for one in each)]
    over = [each for each in by_matter.values() if all(one.is_over for one in each)]
    return sorted(open_ones, key=lambda each: any(one.due_at for one in each)), over
