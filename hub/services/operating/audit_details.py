"""What a line of the audit says beside its kind, in words: the names of its details, and how their values are spelt."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from hub.domain import labels
from hub.domain.marked import marked
from hub.domain.retention import Cause
from hub.services.negotiations.entries import ERASED_BASIS
from hub.services.operating.setting_names import SETTING_NAMES

DETAILS: Final[Mapping[str, str]] = {
    "role": marked("角色"),
    "by": marked("登录方式"),
    "client": marked("接入方"),
    "bank": marked("银行"),
    "creditor_kind": marked("机构类型"),
    "adapter": marked("接入方式"),
    "keys": marked("设置项"),
    "scopes": marked("权限"),
    "overlap_hours": marked("旧密钥保留小时数"),
    "reason": marked("原因"),
    "year": marked("年份"),
    "through": marked("改走"),
    "confirmed_at": marked("确认身份的时间"),
    "left": marked("剩余恢复码"),
    "team": marked("小组"),
    "owner": marked("经办人"),
    "before": marked("原来"),
    "after": marked("现在"),
    "export": marked("导出内容"),
    "cause": marked("超时原因"),
    "basis": marked("依据"),
    "count": marked("次数"),
}
WAYS: Final[Mapping[str, str]] = {
    "launch": marked("从 App 进入"),
    "mobile": marked("短信验证码"),
    "recovery_code": marked("恢复码"),
    "passkey": marked("通行密钥"),
    "sign_on": marked("本行统一登录"),
    "demo": marked("演示入口"),
}
SCOPES: Final[Mapping[str, str]] = {
    "applications:write": marked("提交申请"),
    "applications:read": marked("查看申请"),
    "negotiations:review": marked("代银行处理申请"),
}
EXPORTS: Final[Mapping[str, str]] = {
    "queue": marked("待办队列"),
    "agreements": marked("履约跟踪"),
    "answers": marked("答复明细"),
    "audit": marked("审计记录"),
}
_BASES: Final = frozenset(Cause)
_SETTING: Final = re.compile(r"(?P<name>[a-z][a-z_]*)=(?P<value>.*)", re.DOTALL)


def named(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The details as they are told: an erasure's `cause` is its basis in law, and no cause of a missed term."""
    return {"basis" if name == "cause" and value in _BASES else name: value for name, value in details.items()}


def details_zh(details: Mapping[str, Any]) -> str:
    """The details as a sentence in Chinese, for a table; what is for machines alone is left out."""
    return "；".join(
        f"{DETAILS[name]}：{_spelt(name, value)}" for name, value in named(details).items() if name in DETAILS and value
    )


def _spelt(name: str, value: object) -> str:
    if isinstance(value, list):
        return "、".join(_spelt(name, each) for each in value)
    return _SPELLINGS[name](str(value)) if name in _SPELLINGS else str(value)


def settings_in(text: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each setting that the audit keeps before or after a change as `name=value; name=value`.

    What is no setting that has a name on pages comes whole, without one.
    """
    for part in text.split("; "):
        found = _SETTING.fullmatch(part)
        yield (found["name"], found["value"]) if found and found["name"] in SETTING_NAMES else ("", part)


def _before_or_after(text: str) -> str:
    """A role, or settings by their names."""
    if text in labels.STAFF_ROLES:
        return str(labels.STAFF_ROLES[text])
    return "；".join(
        f"{SETTING_NAMES[name]}：{_value(name, value)}" if name else value for name, value in settings_in(text)
    )


def _value(name: str, value: str) -> str:
    words = {"kind": labels.CREDITOR_KINDS, "regulator": labels.REGULATORS}.get(name, {})
    return str(words.get(value, value))


_SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "before": _before_or_after,
    "after": _before_or_after,
    "role": lambda value: str(labels.STAFF_ROLES.get(value, value)),
    "keys": lambda value: SETTING_NAMES.get(value, value),
    "creditor_kind": lambda value: str(labels.CREDITOR_KINDS.get(value, value)),
    "scopes": lambda value: SCOPES.get(value, value),
    "by": lambda value: WAYS.get(value, value),
    "export": lambda value: EXPORTS.get(value, value),
    "cause": lambda value: str(labels.BREACH_CAUSES.get(value, value)),
    "basis": lambda value: ERASED_BASIS[Cause(value)],
}
