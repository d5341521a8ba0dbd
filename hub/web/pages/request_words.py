"""What requests beside negotiations are called on pages, and where the pages of each kind are.

A kind that has no page of its own for one side, or no word for a status, is shown in the words of all kinds.
"""

from collections.abc import Mapping
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
_BANK_PAGE: Final = "/portal/requests/{}"
_PERSON_PAGE: Final = "/my/requests/{}"
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


def bank_of(request: RequestShown) -> str:
    """Of whom it is asked, in the language of the page."""
    return request.bank_en if page_language() == "en" else request.bank_zh


def bank_page(request: RequestShown) -> str:
    """The address of its page for the bank."""
    return BANK_PAGES.get(request.kind, _BANK_PAGE).format(request.matter_id)


def person_page(request: RequestShown) -> str:
    """The address of its page for the person."""
    return PERSON_PAGES.get(request.kind, _PERSON_PAGE).format(request.matter_id)
