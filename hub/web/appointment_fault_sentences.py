"""What each fault of an appointment says to a person, in Chinese."""

from collections.abc import Mapping

from hub.web.catalogue import marked

APPOINTMENT_FAULTS: Mapping[str, str] = {
    "cash_refused": marked("预约和上门时不收钱、不付钱，请不要填写金额或收付款的内容。还款请在银行自己的 App 里操作。"),
    "outside_hours": marked("预约时间只能是工作日 %(opens)s 到 %(closes)s，法定节假日不安排。请另选时间。"),
    "slot_ends_before": marked("结束时间应晚于开始时间。"),
    "slot_too_short": marked("每个时段至少 %(minutes)s 分钟。"),
    "slot_passed": marked("这个时间已经过去，请选以后的时间。"),
    "slot_too_far": marked("最多安排到 %(days)s 天以后。"),
    "slot_exists": marked("这个地点已有同样的时段。"),
    "place_exists": marked("已有同名的地点，请换一个名称。"),
    "place_kind_stays": marked("地点的种类不能修改，请另建一个地点。"),
    "place_closed": marked("这个地点已停用，不能再安排时段。"),
    "address_of_branch_only": marked("只有网点需要填写地址。"),
    "address_for_home_only": marked("只有上门需要填写地址，请删去。"),
    "address_consent_needed": marked("上门需要把地址告诉两位工作人员，请先勾选同意。"),
    "recording_consent_needed": marked("视频会录音录像，请先勾选同意；不同意的，请选网点或上门。"),
    "home_needs_reason": marked("请写明为什么需要上门（%(age)s 岁以上，或申请时说明需要帮助的，不用写）。"),
    "hold_in_force": marked("协议期间应当停止催收，银行要求的见面不能预约。您自己想办的事，请选“我自己想办”。"),
    "two_staff_needed": marked("必须写两位不同的本行工作人员。"),
    "staff_unknown": marked("这个工号不在本行上门人员名单里。只能是本行自己的工作人员。"),
    "appointments_too_many": marked("您最多可以同时有 %(most)s 个预约，请先办完或取消一个。"),
    "too_late_to_cancel": marked("开始前 1 小时内不能再取消，请直接联系银行；不方便的话可以不去。"),
    "slot_not_for_this": marked("这个时段不办理这件事，请另选时间。"),
    "kind_of_slot": marked("这个时段是另一种见面方式，请另选时间。"),
    "called_needed": marked("请写下怎么称呼您，工作人员见面时要核对。"),
    "pass_code_wrong": marked("口令不对，没有开始。还可以试 %(left)s 次。"),
    "pass_code_stopped": marked("口令已试错 5 次，这次见面不能开始。请另约时间。"),
    "recording_reference_needed": marked("视频见面请填写录音录像编号。"),
    "recording_of_video_only": marked("只有视频见面才有录音录像编号，请删去。"),
    "sign_closed": marked("身份没有核对上，这次不能签署。"),
    "not_for_signing": marked("这次见面不是为了签署，请删去这一项。"),
    "not_waited_yet": marked("对方可能只是晚到。请等到 %(since)s，还没有人来，再告诉我们。"),
    "not_yet_begun": marked("还没有到预约的时间。"),
    "digest_form": marked("摘要应是 64 位十六进制字符（SHA-256）。"),
    "hour_form": marked("时间请写成 09:30 这样的形式。"),
    "unknown_slot": marked("没有这个时段，请从列表里选。"),
    "visitor_number": marked("工号只能用字母、数字和 -，最多 20 个字符。"),
}
"""The sentence of every fault: what is wrong, and what to do."""
