"""The word that a bank says when it calls a person, so that they know a caller who is none of the bank's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

# Things to see, two characters each, that are told apart on a bad line.
WORDS = tuple(
    word
    for line in (
        "青山 白云 明月 春风 大海 小河 草原 森林 雪花 彩虹 阳光 星空 湖水 沙滩 瀑布 清泉 梅花 兰草 翠竹 菊花",
        "荷叶 牡丹 桃树 银杏 松果 柳枝 葡萄 苹果 石榴 核桃 樱桃 橘子 花生 芝麻 红豆 绿茶 米饭 豆腐 蜂蜜 饺子",
        "熊猫 白鹤 燕子 蝴蝶 金鱼 骏马 羊群 松鼠 孔雀 鸽子 蜻蜓 海豚 骆驼 企鹅 布鞋 雨伞 毛笔 钢琴 风筝 灯笼",
        "帆船 火车 石桥 木屋 书架 茶壶 铜镜 钟楼 长城 宝塔 渔网 铁锅 地图 邮票 棋盘 二胡 门铃 窗帘 台灯 纸船",
    )
    for word in line.split()
)
_NUMBERS = 90


@dataclass(frozen=True, slots=True)
class CallWord:
    """A common word and a number from 10 to 99: one in 7,200, for somebody who may guess once a call."""

    word: str
    number: int

    @classmethod
    def drawn(cls, below: Callable[[int], int]) -> Self:
        """A call word by chance; `below` gives a whole number from 0 up to what it is asked, that one left out."""
        return cls(WORDS[below(len(WORDS))], 10 + below(_NUMBERS))

    def __str__(self) -> str:
        return f"{self.word}·{self.number}"
