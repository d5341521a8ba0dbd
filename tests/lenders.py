"""A lender that is no bank, as tests add it."""

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.creditor import read_standing
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub

LENDER, LICENCE = "Q7K2M9XA", "L0001H211000001"


def add_lender(hub: Hub, code: str = LENDER, name_zh: str = "晴川消费金融有限公司", **words: str) -> Bank:
    """The lender is there; `words` say its kind, licence and regulator where they are others."""
    standing = read_standing(**{"kind": "consumer_finance", "licence_no": LICENCE, **words})
    with hub.writing(HUB) as tx:
        return bank_deeds.add(
            tx,
            code=code,
            name_zh=name_zh,
            name_en="Qingchuan Consumer Finance",
            adapter="portal",
            settings={},
            standing=standing,
        )
