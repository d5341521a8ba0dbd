"""`/ops/tasks`: what only a person can settle, and what banks' systems sent that was not applied."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from hub.services import bank_events, confirmation_codes, operations, tasks
from hub.services.tasks import TaskKind
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.once import do_once
from hub.web.pages.ops.done import DONE, GONE, done_notice
from hub.web.pages.rendering import page, t
from hub.web.pages.visitors import current_staff, for_operators
from storage.tasks import Task

pages = Blueprint("tasks", __name__)

_HERE = "/ops/tasks"

# What each task asks for; the numbers are its own.
SENTENCES: Mapping[str, str] = {
    TaskKind.UNDELIVERABLE: marked(
        "试了 %(attempts)s 次仍没有送达，已放弃。请联系银行，再到“送达”里重新送达，或改送到本平台的银行工作台。"
    ),
    TaskKind.BOUNCED: marked("发给银行的邮件被退回，银行没有收到。请向银行核实 desk_email，再到“送达”里重新送达。"),
    TaskKind.LINE_CLOSED: marked("银行系统连续 %(failures)s 次没有接收，已暂缓发送并定时再试。请联系银行确认。"),
    TaskKind.CLIENT_NOT_TOLD: marked("接入方 %(client)s 连续三天没有接收通知，已停止发送。请联系接入方。"),
    TaskKind.SILENT: marked("银行系统收到后一直没有任何回传，应于 %(due)s 前答复。请联系银行确认是否在处理。"),
    TaskKind.NOT_KNOWN_TO_BANK: marked(
        "银行系统说没有这条消息，而我们记录已送达（应于 %(due)s 前答复）。请与银行核对。"
    ),
    TaskKind.NOT_JUDGED: marked(
        "%(files)s 个文件等待检查已超过 30 分钟。请看 worker 的日志；若设了病毒扫描，请看扫描服务是否在运行。"
    ),
    TaskKind.FILE_DAMAGED: marked("文件 %(id)s 已丢失或损坏。请从备份恢复存储中的 %(name)s，再运行 hub check --all。"),
    TaskKind.RESPONSE_WRONG: marked(
        "银行放在服务器上的回传文件 %(name)s 前后不符（%(code)s），已见到 %(times)s 次，没有采用。请让银行重新放一份。"
    ),
    TaskKind.NOT_COLLECTED: marked(
        "连续 %(failures)s 次取不到银行的回传文件（%(detail)s），会继续尝试。请联系银行确认。"
    ),
    TaskKind.HOST_NOT_TRUSTED: marked(
        "银行服务器的主机公钥与设置不符，没有发送内容（%(detail)s）。请向银行核实，再用 hub bank set 更新 host_key。"
    ),
    TaskKind.CODES_GUESSED: marked(
        "一个方案的签署确认码已有 %(tries)s 次输错，可能有人在猜，满 15 次就暂停签署。"
        "请打电话向持卡人核实，再点“允许重新签署”。"
    ),
    TaskKind.ANSWER_IN_DANGER: marked("快到答复期限（%(due)s）而银行还没有答复。请提醒银行。"),
}

# Why an event was not applied, for somebody who will speak to the bank; its code stands beside it.
REASONS: Mapping[str, str] = {
    **dict.fromkeys(("signature_missing", "signature_wrong"), marked("签名不对或缺少签名，不能确认是银行发来的。")),
    **dict.fromkeys(("stamp_old", "stamp_ahead", "stamp_form"), marked("时间不对，请银行核对系统时钟。")),
    "merchant_unknown": marked("商户号不是这家银行的。"),
    "event_id_reused": marked("同一个事件编号先后用于不同的内容。"),
    "not_found": marked("说的协商不存在，或不是这家银行的。"),
    "status_conflict": marked("来得太晚，或协商当前的状态不能进行这一步。"),
    "invalid_input": marked("内容不符合约定，请银行对照接口说明修改。"),
}
OTHER_REASON = marked("格式不对，无法读取。")


@pages.route("/tasks")
@for_operators
def listed() -> Response:
    """The tasks that wait, and the refusals that nobody has looked at."""
    with face().hub.reading(current_staff().actor) as tx:
        waiting = [(task, _sentence(task)) for task in tasks.open_tasks(tx)]
        refused = [
            (each, t(REASONS.get(each.code, OTHER_REASON)))
            for each in bank_events.list_refused(tx, limit=operations.MOST_SHOWN, unseen_only=True)
        ]
    return page(
        "ops/tasks.html",
        title=t("待办"),
        tasks=waiting,
        refused=refused,
        most=operations.MOST_SHOWN,
        done=done_notice(),
    )


def _sentence(task: Task) -> str:
    return t(SENTENCES[task.kind], **task.params) if task.kind in SENTENCES else task.kind


@pages.route("/tasks/done", methods=["POST"])
@for_operators
def finish() -> Response:
    """The task is done; the row says by whom."""
    task_id = request.form.get("id", "")

    def deed(tx: HubTransaction) -> str:
        return f"{_HERE}?done={DONE if tasks.finish(tx, task_id) else GONE}"

    return do_once(current_staff(), deed)


@pages.route("/tasks/free-codes", methods=["POST"])
@for_operators
def free_codes() -> Response:
    """The offer that the task is about can be signed with a fresh code, and the task is done."""
    task_id = request.form.get("id", "")

    def deed(tx: HubTransaction) -> str:
        return f"{_HERE}?done={DONE if confirmation_codes.free(tx, task_id) else GONE}"

    return do_once(current_staff(), deed)


@pages.route("/tasks/seen", methods=["POST"])
@for_operators
def seen() -> Response:
    """The refusal was looked at."""
    refused_id = request.form.get("id", "")

    def deed(tx: HubTransaction) -> str:
        return f"{_HERE}?done={DONE if bank_events.mark_seen(tx, refused_id) else GONE}#refusals"

    return do_once(current_staff(), deed)
