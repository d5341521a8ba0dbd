"""Creditors of other kinds than banks: added and changed by the operator, with a licence or not at all."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.creditor import CreditorKind, Regulator, read_standing
from hub.domain.errors import InvalidValue, NotFound
from hub.services.operating import audit
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from tests.applications import CMB
from tests.lenders import LENDER, LICENCE, add_lender
from tests.services.conftest import OpenCase


def test_a_lender_is_added_with_its_kind_and_licence(hub: Hub) -> None:
    added = add_lender(hub)
    with hub.reading(HUB) as tx:
        assert bank_deeds.get(tx, LENDER) == added
        [line] = audit.newest(tx, limit=1)
    assert (added.kind, added.standing.licence_no, added.standing.regulator) == (
        CreditorKind.CONSUMER_FINANCE,
        LICENCE,
        Regulator.NFRA,
    )
    assert (line.about, line.details["creditor_kind"]) == (LENDER, "consumer_finance")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"code": "借呗"}, "platform_is_no_creditor"),
        ({"code": "HUABEI"}, "platform_is_no_creditor"),
        ({"code": "short"}, "creditor_code_form"),
        ({"name_zh": "花呗"}, "platform_is_no_creditor"),
        ({"code": LENDER, "kind": "bank"}, "bank_code"),
        ({"licence_no": ""}, "licence_required"),
        ({"kind": "small_loan", "licence_no": "无"}, "licence_form"),
    ],
)
def test_what_is_no_creditor_is_not_added(hub: Hub, words: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        add_lender(hub, **words)
    assert refused.value.code == code
    with hub.reading(HUB) as tx:
        assert bank_deeds.list_all(tx) == []
        with pytest.raises(NotFound):
            bank_deeds.get(tx, LENDER)


def test_kind_licence_and_regulator_are_set_like_any_other_word(hub: Hub) -> None:
    add_lender(hub)
    with hub.writing(HUB) as tx:
        changed = bank_deeds.change(tx, LENDER, {"kind": "small_loan", "licence_no": "渝金管〔2021〕12号"})
    assert changed.standing == read_standing(kind="small_loan", licence_no="渝金管〔2021〕12号", regulator="local")
    with hub.writing(HUB) as tx:
        assert bank_deeds.change(tx, LENDER, {"regulator": "nfra"}).standing.regulator is Regulator.NFRA
    with pytest.raises(InvalidValue, match="licence_required"), hub.writing(HUB) as tx:
        bank_deeds.change(tx, LENDER, {"licence_no": "", "hotline": "95588"})
    with hub.reading(HUB) as tx:
        kept = bank_deeds.get(tx, LENDER)
    assert (kept.standing.licence_no, kept.rules.hotline) == ("渝金管〔2021〕12号", "")


def test_the_kind_stays_once_somebody_has_negotiated(hub: Hub, open_case: OpenCase) -> None:
    open_case(CMB)
    with pytest.raises(InvalidValue, match="kind_in_use"), hub.writing(HUB) as tx:
        bank_deeds.change(tx, CMB, {"kind": "consumer_finance", "licence_no": LICENCE})
    with hub.reading(HUB) as tx:
        assert bank_deeds.get(tx, CMB).standing.is_bank
