"""What each doubt says to a bank's people, with the innocent reason it may have; never who another person is."""

from collections.abc import Mapping

from hub.domain.doubts import Doubt, DoubtAnswer, DoubtKind
from hub.web.catalogue import marked
from hub.web.sentences import Locale, filled

SENTENCES: Mapping[str, str] = {
    DoubtKind.SAME_FILE: marked("另一位客户也提交过同一个文件。可能是家人共用的材料，请看姓名是否是本人的。"),
    DoubtKind.SIMILAR_PICTURE: marked(
        "另一位客户也提交过几乎相同的图片。同一单位的工资单、同一张表格也会这样，请看姓名和金额，需要时请客户出示原件。"
    ),
    DoubtKind.EDITED_PDF: marked(
        "文件属性显示它由编辑软件 %(editor)s 保存。可能只是合并或压缩过，需要时请客户提供原件或从原渠道重新下载。"
    ),
    DoubtKind.CHANGED_PDF: marked("文件生成之后又改动过。可能只是加了批注或另存过，需要时请客户从原渠道重新下载一份。"),
    DoubtKind.SUMS_DIFFER: marked(
        "材料显示每月收入 %(shown_yuan)s 元，客户填写 %(declared_yuan)s 元。收入可能有变化，可以请客户说明。"
    ),
    DoubtKind.MOBILE_CHANGED: marked(
        "客户在 %(days)s 天内的上一次申请留的是另一个手机号。可能只是换了号码，可以请客户确认号码由本人使用。"
    ),
    DoubtKind.SHARED_DEVICE: marked(
        "%(days)s 天内有不少于 %(people)s 位客户从同一个浏览器提交申请。可能是家人或网点的电脑，可请客户确认由本人填。"
    ),
    DoubtKind.SHARED_HELPER: marked(
        "%(days)s 天内有不少于 %(people)s 位客户由同一位协助人协助。请留意是否收费代办，可以直接与客户本人联系。"
    ),
    DoubtKind.NUMBER_BLOCK: marked(
        "%(days)s 天内有不少于 %(people)s 位客户的手机号属于同一号段（前九位相同）。可能是单位统一办理的号码。"
    ),
}
ANSWERS: Mapping[str, str] = {
    DoubtAnswer.NO_CONCERN: marked("已看过，没有疑问"),
    DoubtAnswer.ASKED: marked("已向客户了解"),
}


def doubt_text(doubt: Doubt, locale: Locale) -> str:
    """What the doubt says, in Chinese or English."""
    return filled(SENTENCES[doubt.kind], doubt.facts, locale)
