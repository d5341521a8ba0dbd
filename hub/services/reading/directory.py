"""The banks that take applications, as host apps show them to people."""

from hub.domain.plain import Plain
from hub.services.transaction import HubTransaction
from storage import banks


def list_banks(tx: HubTransaction, *, also_closed: bool = False) -> list[Plain]:
    """Every bank with its names, hotline and how many working days it has to answer; ordered by code.

    Those that are closed to new applications are left out, unless they are asked for.
    """
    return [
        {
            "code": bank.code,
            "name_zh": bank.name_zh,
            "name_en": bank.name_en,
            "hotline": bank.rules.hotline,
            "response_days": bank.rules.response_days,
        }
        for bank in banks.list_banks(tx)
        if bank.is_open or also_closed
    ]
