"""What each task asks an operator to do, and why an event of a bank was not applied; on pages and for commands."""

from collections.abc import Mapping

from hub.domain import labels
from hub.domain.operator_task import Task, TaskKind
from hub.web.catalogue import marked
from hub.web.sentences import Locale, filled

# What each task asks for; the numbers are its own.
SENTENCES: Mapping[str, str] = {
    TaskKind.UNDELIVERABLE: marked(
        "试了 %(attempts)s 次仍没有送达，已放弃。请联系银行，再到“送达”里重新送达，或改送到本平台的银行工作台。"
    ),
    TaskKind.BOUNCED: marked("发给银行的邮件被退回，银行没有收到。请向银行核实 desk_email，再到“送达”里重新送达。"),
    TaskKind.LINE_CLOSED: marked("银行系统连续 %(failures)s 次没有接收，已暂缓发送并定时再试。请联系银行确认。"),
    TaskKind.CLIENT_NOT_TOLD: marked(
        "接入方 %(client)s 连续三天没有接收通知，已停止发送；第一条是 %(event)s（%(status)s）。"
        "请联系接入方，修好后运行 hub client tell-again %(client)s。"
    ),
    TaskKind.HELD_UP: marked(
        "有 %(messages)s 条消息从 %(since)s 起一直没有送达，仍在重试。请联系银行；修好后可在“送达”里立即重试。"
    ),
    TaskKind.SILENT: marked("银行系统收到后一直没有任何回传，应于 %(due)s 前答复。请联系银行确认是否在处理。"),
    TaskKind.NOT_KNOWN_TO_BANK: marked(
        "银行系统说没有这条消息，而我们记录已送达（应于 %(due)s 前答复）。请与银行核对。"
    ),
    TaskKind.NOT_JUDGED: marked(
        "%(files)s 个文件等待检查已超过 30 分钟。请看 worker 的日志；若设了病毒扫描，请看扫描服务是否在运行。"
    ),
    TaskKind.LOG_UNSIGNED: marked(
        "从 %(since)s 起写入的日志还没有签署首部。请看 worker 是否在运行，再运行 hub log head --sign。"
    ),
    TaskKind.PAPER_UNSTAMPED: marked(
        "时间戳服务 10 分钟没有应答，文件已签章，但没有时间戳。请看 HUB_TSA_URL 的服务是否正常；以后的文件会继续请求。"
    ),
    TaskKind.SEAL_ENDS: marked(
        "平台签章的证书（序列号 %(serial)s）于 %(on)s 到期，到期后的文件不再签章。请换上新的密钥和证书，再重启 worker。"
    ),
    TaskKind.INFECTED: marked(
        "病毒扫描在文件 %(file)s 中发现 %(signature)s，文件没有交给任何人。若同一来源反复出现，请联系接入方。"
    ),
    TaskKind.NOT_SCANNED: marked(
        "病毒扫描没有查完文件 %(file)s 就到了自己的限制，文件没有收下，已见到 %(times)s 次。"
        "请调高扫描服务的 StreamMaxLength、MaxScanSize、MaxFileSize 或 MaxScanTime。"
    ),
    TaskKind.SCANNER_AWAY: marked(
        "病毒扫描从 %(since)s 起没有应答，新上传的文件都在等待检查。请看扫描服务是否在运行；恢复后会自动继续。"
    ),
    TaskKind.SIGNATURES_OLD: marked(
        "病毒库已有 %(days)s 天没有更新，新出现的病毒查不出来。请看 freshclam 是否在运行。"
    ),
    TaskKind.FILE_DAMAGED: marked("文件 %(id)s 已丢失或损坏。请从备份恢复存储中的 %(name)s，再运行 hub check --all。"),
    TaskKind.RESPONSE_WRONG: marked(
        "银行放在服务器上的回传文件 %(name)s 没有采用，已见到 %(times)s 次。原因：%(why)s请让银行重新放一份。"
    ),
    TaskKind.NOT_COLLECTED: marked(
        "连续 %(failures)s 次取不到银行的回传文件（%(detail)s），会继续尝试。请联系银行确认。"
    ),
    TaskKind.HOST_NOT_TRUSTED: marked(
        "银行服务器的主机公钥与设置不符，没有发送内容（%(detail)s）。请向银行核实，再用 hub bank set 更新 host_key。"
    ),
    TaskKind.COLLECTED_ALTHOUGH_AGREED: marked(
        "客户反映协议生效后仍被催收，银行应于 %(due)s 前答复。请联系银行，确认已通知所有催收机构停止催收。"
    ),
    TaskKind.HOLD_NOT_CONFIRMED: marked(
        "协议签署满两个工作日，还有 %(count)s 方没有确认停止催收。请联系银行，在协议页登记各方停止催收的时间。"
    ),
    TaskKind.IDENTITY_FAILED_AT_VISIT: marked(
        "见面（%(reference)s）时身份没有核对上，这次不能签署。请与银行核实来的是不是本人，以及银行的人是否核对过工作证。"
    ),
    TaskKind.VISIT_NOT_REPORTED: marked(
        "见面（%(reference)s）已经开始，当天 20:00 还没有记录。请联系银行写好记录；写好后待办会自己结束。"
    ),
    TaskKind.VISIT_MISSED: marked("见面（%(reference)s）银行没有到。请联系银行，请它向客户说明并另约时间。"),
    TaskKind.VISIT_TROUBLE: marked(
        "客户反映见面（%(reference)s）有问题：%(trouble)s。请看“预约”里的原话，联系银行核实。"
    ),
    TaskKind.CLEARANCE_LATE: marked("协议已经结清，银行应于 %(due)s 前出具结清证明，还没有出具。请联系银行。"),
    TaskKind.MANY_FILES_READ: marked(
        "%(who)s 在 10 分钟内查看了 %(count)s 份材料。请向银行核实是否工作需要；不是的话，请停用这个账号。"
    ),
    TaskKind.MANY_CASES_READ: marked(
        "%(who)s 短时间内查看或导出了很多案件（%(count)s 次）。请向银行核实是否工作需要；不是的话，请停用这个账号。"
    ),
    TaskKind.NO_REVIEWER: marked(
        "有一个方案等待复核，而这家银行没有足够的人可以复核（每级一位不同的人，编制人不能复核自己的方案）。"
        "请联系银行，用 hub staff add 增加缺的角色。"
    ),
    TaskKind.CODES_GUESSED: marked(
        "一份方案或报价的签署确认码已有 %(tries)s 次输错，可能有人在猜，满 15 次就暂停签署。"
        "请打电话向持卡人核实，再点“允许重新签署”。"
    ),
    TaskKind.RESTORED: marked(
        "平台已恢复到 %(at)s 的备份，之后发生的事这里没有。请逐家运行 hub bank reconcile 与银行核对；"
        "重做之后的删除（hub retention replay）和人员移除；%(mails)s 条可能已经发过的通知没有再发，请到“邮件”里决定。"
    ),
    TaskKind.ANSWER_IN_DANGER: marked("快到答复期限（%(due)s）而银行还没有答复。请提醒银行。"),
}

# Why a response that a bank laid out was left where it lies.
RESPONSES: Mapping[str, str] = {
    "control_form": marked("控制文件的写法不对，或没有列出数据文件。"),
    "file_missing": marked("控制文件列出的文件不在那里。"),
    "file_unreadable": marked("我们的用户没有权限读这个文件，或读它列出的文件。"),
    "file_differs": marked("文件的 SHA-256 与控制文件不一致。"),
    "lines_differ": marked("行数与控制文件不一致。"),
    "too_large": marked("文件太大，或行数太多。"),
    "control_missing": marked("只有数据文件，没有控制文件。"),
    "name_ending": marked("文件名应以 .jsonl 或 .ctl 结尾。"),
    "not_a_file": marked("那不是一个普通文件。"),
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
    **RESPONSES,
}
OTHER_REASON = marked("格式不对，无法读取。")


def task_text(task: Task, locale: Locale) -> str:
    """What the task asks for; its kind alone where it is one of another version."""
    text = SENTENCES.get(task.kind)
    if text is None:
        return task.kind
    params = dict(task.params)
    if task.kind == TaskKind.RESPONSE_WRONG:
        params["why"] = filled(RESPONSES.get(str(params.get("code")), OTHER_REASON), {}, locale)
    if task.kind == TaskKind.VISIT_TROUBLE:
        said = labels.VISIT_TROUBLES.get(str(params.get("trouble")), labels.VISIT_TROUBLES["other"])
        params["trouble"] = filled(said, {}, locale)
    return filled(text, params, locale)
