"""What is said of a certificate of settlement, to its person and to its bank alike."""

from datetime import datetime

from hub.domain.plain import Plain
from hub.web.access import face
from hub.web.pages.formats import moment
from hub.web.pages.translation import translate


def words_for_person(clearance: Plain | None) -> str | None:
    """In a sentence or two, how the certificate stands; None before one is due."""
    if clearance is None:
        return None
    if clearance["issued_at"] is not None:
        return _issued(clearance)
    due = moment(clearance["due_at"])
    if is_late(clearance):
        return translate("银行没有在 %(due)s 前出具结清证明。我们的工作人员已经知道，会向银行了解。", due=due)
    return translate("银行应在 %(due)s 前出具结清证明。出具后会告诉您，这里就能下载。", due=due)


def words_for_bank(clearance: Plain | None) -> str | None:
    """The same to the bank's people."""
    if clearance is None:
        return None
    if clearance["issued_at"] is not None:
        return _issued(clearance)
    due = moment(clearance["due_at"])
    if is_late(clearance):
        return translate("结清证明应于 %(due)s 前出具，已经超时。", due=due)
    if clearance["asked_at"] is not None:
        asked = moment(clearance["asked_at"])
        return translate("客户于 %(asked)s 申请结清证明，须在 %(due)s 前出具。", asked=asked, due=due)
    return translate("协议已结清，结清证明须在 %(due)s 前出具。", due=due)


def is_late(clearance: Plain) -> bool:
    """Whether it was due by now and is not issued."""
    due = datetime.fromisoformat(clearance["due_at"])
    return clearance["issued_at"] is None and due < face().hub.clock.now()


def _issued(clearance: Plain) -> str:
    at = moment(clearance["issued_at"])
    if clearance["document"] is None:
        return translate("银行已于 %(at)s 出具结清证明，文件正在生成，通常几秒内完成。", at=at)
    return translate("银行已于 %(at)s 出具结清证明。", at=at)
