"""What each fault says of signing in, and of a bank's people, cases and templates; a part of `fault_sentences`."""

from collections.abc import Mapping

from hub.web.catalogue import marked

STAFF_FAULTS: Mapping[str, str] = {
    # Signing in.
    "sign_in_code_over": marked("验证码已过期，请重新发送。"),
    "sign_in_code_used_up": marked("输错次数过多，这个验证码已失效，请重新发送。"),
    "sign_in_code_wrong": marked("验证码不对，请核对短信里的六位数字。"),
    "password_too_short": marked("密码至少需要 %(limit)s 个字符。"),
    "password_common": marked("这个密码太容易被猜到，请换一个。"),
    "passwords_differ": marked("两次输入的密码不一样，请重新输入。"),
    "sign_in_wrong": marked("邮箱、密码或验证码不对，请核对后再试。"),
    "second_step_wrong": marked("验证码不对，请输入验证器里当前显示的六位数字。"),
    "sign_on_domains": marked("%(key)s 要写成域名，用空格或逗号隔开，例如 bank.example。"),
    "sign_on_second_factor": marked("%(key)s 只能是 hub、always 或 asserted。"),
    "sign_on_claim": marked("%(key)s 是令牌里一项的名字，只能有字母、数字和 _ : . / -。"),
    "recovery_code_wrong": marked("这个恢复码不对，或者已经用过。请换一个没有用过的。"),
    "passkey_wrong": marked("这个通行密钥不能用于登录，请再试一次，或改用其他方式。"),
    "passkey_not_added": marked("没有添加成功，请再试一次。这台设备可能已经添加过。"),
    "passkey_is_last": marked("这是您唯一的第二步验证方式，请先设置验证器再移除。"),
    "staff_name": marked("姓名最多 %(limit)s 个字，不能有换行等看不见的字符。"),
    "team_name": marked("小组名称需要 1 到 %(limit)s 个字，不能有换行等看不见的字符。"),
    "team_exists": marked("本行已经有“%(name)s”这个小组。"),
    "team_unknown": marked("本行没有这个小组，请重新选择。"),
    "owner_unknown": marked("本行没有这位同事，请重新选择。"),
    "owner_not_acting": marked("案件只能分派给本行的协商经办或复核主管。"),
    "nobody_to_assign": marked("没有可以分派的同事，请换一个小组。"),
    "no_case_chosen": marked("还没有选择案件。请先在队列里勾选。"),
    "too_many_cases": marked("一次最多处理 %(most)s 件，请少选一些。"),
    "case_has_owner": marked("%(name)s正在经办，所以没有改动。请看过最新情况再决定。"),
    "case_is_nobodys": marked("现在没有人经办，所以没有改动。请看过最新情况再决定。"),
    "case_has_ended": marked("已经结束的，不再需要经办人。"),
    "undo_over": marked("超过 %(seconds)s 秒，不能撤销了。可以重新分派。"),
    "acknowledged_for_good": marked("受理后客户已经看到，不能撤销。"),
    "approval_levels_form": marked(
        "分级复核请写成“金额（分）:角色”，用逗号隔开，最多 %(most)s 级，例如 "
        "5000000:supervisor,20000000:bank_admin;waived_principal:+1，其中分号后的部分可以不写。"
    ),
    "approval_levels_role": marked("能复核方案的角色是：%(roles)s。"),
    "approval_levels_order": marked("各级的金额应逐级变大，且不超过 %(most)s 分。"),
    "role_needs_bank": marked("%(role)s 与银行不匹配：银行的角色需要银行，运营没有银行。"),
    # Replies and templates of a desk.
    "reply_gap_unknown": marked("括号里只能写：%(gaps)s。"),
    "reply_name_form": marked("名称里请不要有空格、斜杠和大括号。"),
    "template_name_taken": marked("已经有同名的了，请换一个名称。"),
    "templates_too_many": marked("最多 %(most)s 条，请先改用已有的。"),
}
