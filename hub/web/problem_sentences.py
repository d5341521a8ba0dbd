"""What each problem that stops a request says to a person, in Chinese: a title of its kind, and a detail.

Parameters stand as %(name)s; `limit_mib` is the `limit` in MiB. English is in the message catalogue.
"""

from collections.abc import Mapping

from hub.domain import labels
from hub.web.catalogue import marked

TITLES: Mapping[str, str] = {
    # One a kind of problem.
    "malformed": marked("请求无法读取"),
    "invalid_input": marked("有内容需要更正"),
    "not_authenticated": marked("请先登录"),
    "not_allowed": marked("没有权限"),
    "not_found": marked("没有找到"),
    "bill_not_yours": marked("没有找到这笔账单"),
    "already_overdue": marked("先和银行商量"),
    "new_credit_promised": marked("协议期间不借新的"),
    "partner_not_licensed": marked("不能转介到这家机构"),
    "method_not_allowed": marked("这里不支持这种操作"),
    "status_conflict": marked("现在不能进行这一步"),
    "negotiation_already_open": marked("已有正在进行的协商"),
    "negotiation_open": marked("还有协商正在进行"),
    "negotiation_erased": marked("这件协商的资料已按法律删除"),
    "slot_taken": marked("这个时间刚刚约满"),
    "service_not_offered": marked("这家银行还没有开通这项服务"),
    "deal_unknown": marked("没有找到这笔分期"),
    "deal_refused": marked("这笔分期不能在这里办理"),
    "identity_unconfirmed": marked("申请人的身份还没有核对"),
    "renegotiations_exhausted": marked("重新协商的次数已用完"),
    "counter_offers_exhausted": marked("提方案的次数已用完"),
    "consent_withdrawn": marked("客户已撤回同意"),
    "offer_not_open": marked("方案已经不能选择"),
    "agreement_conflict": marked("协议现在不能进行这一步"),
    "evidence_attached": marked("文件已随申请提交"),
    "idempotency_key_required": marked("缺少 Idempotency-Key"),
    "idempotency_key_form": marked("Idempotency-Key 无法使用"),
    "idempotency_key_reused": marked("Idempotency-Key 已用于其他内容"),
    "idempotency_key_busy": marked("同一请求仍在处理"),
    "call_refused": marked("无法确认是谁发来的"),
    "event_id_reused": marked("事件编号已用于其他内容"),
    "order_id_reused": marked("orderId 已用于其他内容"),
    "document_not_ready": marked("文件正在生成"),
    "too_large": marked("内容过大"),
    "unsupported_type": marked("不支持这种文件"),
    "length_required": marked("缺少 Content-Length"),
    "too_many_tries": marked("请稍后再试"),
    "confirmation_stopped": marked("签署已暂停，等待核实"),
    "confirmation_paused": marked("签署暂停一天"),
    "store_full": marked("文件暂时无法保存"),
    "evidence_damaged": marked("文件已损坏"),
    "evidence_erased": marked("文件没有保留"),
    "unavailable": marked("暂时无法使用"),
    "server_error": marked("我们这边出了问题"),
}
"""The title of every kind of problem."""

DETAILS: Mapping[str, str] = {
    # Calls of other systems.
    "call_refused": marked("无法确认这个请求，请检查签名、时间和格式。"),
    "signature_missing": marked("缺少签名，或缺少签名所需的请求头。"),
    "signature_wrong": marked("签名不对，请检查密钥，以及签名的内容是否就是发送的内容。"),
    "stamp_form": marked("时间的写法不对。"),
    "stamp_old": marked("时间太早，请核对系统时钟，并在发送时重新签名。"),
    "stamp_ahead": marked("时间太晚，请核对系统时钟。"),
    "event_id_reused": marked("这个事件编号已用于其他内容，请换一个编号。"),
    # Signed pairs.
    "pairs_type": marked("请按 application/x-www-form-urlencoded 格式以 UTF-8 发送。"),
    "pairs_form": marked("报文无法读取，请写成以 & 连接、经过 URL 编码的 key=value。"),
    "pairs_encoding": marked("报文不是 UTF-8 编码，请改用 UTF-8。"),
    "pair_name": marked("报文里有无法使用的名称，名称以字母开头，只含字母、数字和下划线。"),
    "pair_twice": marked("报文里有重复的名称，请只保留一个。"),
    "pair_ampersand": marked("值里不能有 & 字符。"),
    "version_other": marked("只支持 version=5.1.0。"),
    "encoding_other": marked("只支持 encoding=UTF-8。"),
    "sign_method_other": marked("signMethod 与约定的签名方法不一致。"),
    "merchant_unknown": marked("没有这个商户号，或它不能使用这里。"),
    "order_id_reused": marked("这个 orderId 已用于其他内容，请换一个新的。"),
    # Bodies that cannot be read.
    "malformed": marked("请求内容无法读取，请检查格式。"),
    "body_empty": marked("请求内容是空的，请发送 JSON。"),
    "body_cut": marked("内容没有完整到达，请重新发送。"),
    "json_encoding": marked("请用 UTF-8 编码发送 JSON，不带 BOM。"),
    "json_syntax": marked("这不是正确的 JSON，请检查括号、引号和逗号。"),
    "json_duplicate_key": marked("JSON 里有重复的字段名，请只保留一个。"),
    "json_number": marked("JSON 里有无法使用的数，不能是 NaN 或无穷大。"),
    "json_depth": marked("JSON 嵌套过深，最多 32 层。"),
    "json_surrogate": marked("JSON 里有不完整的字符，请重新输入。"),
    "form_syntax": marked("表单内容无法读取，请检查 multipart 格式。"),
    # Callers.
    "invalid_input": marked("请更正下面列出的内容后重新提交。"),
    "not_authenticated": marked("访问令牌缺失、无效或已过期，请重新获取。"),
    "invalid_client": marked("client_id 或密钥不对，请用 HTTP Basic 发送。"),
    "invalid_scope": marked("请求的权限不存在，或不属于这个客户端。"),
    "unsupported_grant_type": marked("只支持 grant_type=client_credentials，请用表单发送。"),
    "invalid_request": marked("令牌请求无法读取，请用表单发送 grant_type。"),
    "not_allowed": marked("这一步需要权限 %(scope)s。"),
    "own_offer": marked("您不能复核自己编制的方案。"),
    "another_person": marked("您已经复核过这个方案，需要由另一位同事处理。"),
    "another_role": marked("这个方案在等另一个角色的同事复核。"),
    "not_found": marked("没有找到，或者不属于您。请核对编号。"),
    "bill_not_yours": marked("没有找到这笔账单，它可能已经删除，或者由还款协议生成。"),
    "already_overdue": marked("有账单已经逾期，这时再借新的只会更重，所以不转介。和银行商量不收费，现在就可以开始。"),
    "new_credit_promised": marked(
        "您的还款协议还在履行，这段时间不再借新的（信用卡的协议里也这样约定），所以不转介。照计划还有困难，可以请银行调整。"
    ),
    "partner_not_licensed": marked("名单里没有这家机构，或者它已停用、没有牌照号码、费用超过了上限。"),
    "method_not_allowed": marked("请查看接口说明中允许的操作。"),
    # Conflicts.
    "status_conflict": marked("当前状态是“%(status)s”，不能进行这一步。"),
    "negotiation_already_open": marked("这位申请人与该银行已有一宗协商正在进行，请等它结束后再申请。"),
    "negotiation_already_open_here": marked("与该银行已有一宗协商正在进行，编号 %(reference)s。"),
    "negotiation_open": marked("还有协商正在进行（%(references)s），请先撤回，再删除资料。"),
    "negotiation_erased": marked(
        "协商 %(reference)s 的个人信息已于 %(day)s 按法律删除，只保留编号、状态（%(status)s）、时间和摘要。"
    ),
    "slot_taken": marked("这个时间刚刚被别人约走了，请另选一个时间。"),
    "service_not_offered": marked("这家银行还没有在这里开通这项服务。您可以先拨打银行客服电话办理。"),
    "deal_unknown": marked("没有找到这笔分期，请重新填写它的内容。"),
    "deal_refused": marked("这笔分期现在不能在这里办理。"),
    "plan_under_article_70": marked("这张卡有正在履行的还款协议，请在那份协议里申请提前结清。"),
    "request_open": marked("这笔分期已有一项申请正在办理，请等它结束后再提出。"),
    "identity_unconfirmed": marked("申请人只验证了手机号。请先与本行预留信息核对身份，再提出方案。"),
    "renegotiations_exhausted": marked(
        "%(name)s对同一张卡的重新协商次数有限，已经用完，不再在这里受理。您可以直接联系银行商量。"
    ),
    "renegotiations_exhausted_call": marked(
        "%(name)s对同一张卡的重新协商次数有限，已经用完，不再在这里受理。"
        "您可以拨打银行热线 %(hotline)s，直接和银行商量。"
    ),
    "consent_withdrawn": marked("客户已撤回同意，平台不再提供这份资料。此前已经收到的，由本行依法保管。"),
    "counter_offers_exhausted": marked("与这家银行最多可以提 %(limit)s 次方案，请从已有方案中选择，或联系银行。"),
    "offer_not_open": marked("这个方案现在是“%(status)s”，不能再选择。请查看其他方案。"),
    "not_due": marked("第 %(number)s 期还没有到可以登记未到账的日子，最早是 %(earliest)s。"),
    "row_paid": marked("第 %(number)s 期已经还清，不能登记未到账。"),
    "not_missed": marked("第 %(number)s 期没有登记过未到账，不需要撤回。"),
    "clearance_rows_open": marked("还有 %(rows)s 期没有还清，全部还清以后才能出具结清证明。"),
    "rows_open": marked("还有 %(rows)s 期没有还清。确实不再要求归还的，请选择免除余下各期，并写明说明。"),
    "nothing_to_settle": marked("这份协议只降低最低还款额，不涉及结清，没有结清证明。"),
    "not_defaulted": marked("未到账的有 %(missed)s 期，按协议累计 %(needed)s 期才能以未按约履行结束。"),
    "already_transferred": marked("已经通知过债权转让，不能再改。需要补充的，请写消息。"),
    "already_answered": marked("这件事已经答复过，不能再改。需要补充的，请写消息。"),
    "amendment_open": marked("已有一项对协议的调整正在进行，请等它结束后再提出。"),
    "nothing_open": marked("这份协议的各期都已还清，没有可以调整的。"),
    "nothing_to_move": marked("余下的各期都已到期，没有可以改日的。"),
    "not_for_this_agreement": marked("这种方案不能这样调整。请给银行留言，另行商量。"),
    "rows_changed": marked("获取确认码之后，各期的情况有变化。请重新获取确认码，再看一遍。"),
    "agreement_conflict": marked("协议现在不能进行这一步，请刷新后查看最新情况。"),
    "agreement_incomplete": marked("协议里还缺必须写明的内容（%(part)s），现在不能签署。请联系银行。"),
    "evidence_attached": marked("文件已随申请提交，不能删除。"),
    "idempotency_key_required": marked("请在请求头中带上 Idempotency-Key，每次申请用一个新的值。"),
    "idempotency_key_form": marked("Idempotency-Key 最多 %(limit)s 个可见的 ASCII 字符。"),
    "idempotency_key_reused": marked("这个 Idempotency-Key 已用于另一个请求，请换一个新的。"),
    "idempotency_key_busy": marked("使用这个 Idempotency-Key 的请求仍在处理，请稍等再试。"),
    "document_not_ready": marked("文件正在生成，通常几秒内完成，请稍后再试。"),
    # Files and limits.
    "too_large": marked("最多 %(limit_mib)s MiB，请缩小后重新发送。"),
    "unsupported_type": marked("请上传 PDF、JPEG、PNG、HEIC 或 WebP 文件。"),
    "media_type": marked("请按 %(expected)s 格式发送。"),
    "type_mismatch": marked("文件名和内容对不上。PDF 的文件名请以 .pdf 结尾；图片请从相册重新选择，或截图后上传。"),
    "type_ofd": marked("暂不支持 OFD，请导出为 PDF 后上传。"),
    "type_office": marked("暂不支持 Office 文档，请导出为 PDF 后上传。"),
    "type_archive": marked("暂不支持压缩包，请解压后逐个上传。"),
    "type_picture": marked("暂不支持这种图片，请转为 JPEG 或 PNG，或截图后上传。"),
    "type_call_record": marked("请上传照片、PDF，或 MP3、M4A、WAV、AMR、OGG、AAC 格式的录音。"),
    "type_recording": marked("请上传 MP3、M4A、WAV 等格式的录音文件。"),
    "length_required": marked("请在请求头中带上 Content-Length。"),
    "too_many_tries": marked("操作次数过多，请在 %(minutes)s 分钟后再试。"),
    "confirmation_stopped": marked(
        "确认码多次输错。为了保护持卡人，签署已暂停，其他事不受影响。工作人员核实后就能继续。"
    ),
    "confirmation_paused": marked("确认码多次输错。为了保护持卡人，签署暂停一天，之后可以重新获取确认码。"),
    # Our side.
    "store_full": marked("文件没有保存，请稍后重新上传。已保存的内容不受影响。"),
    "evidence_damaged": marked("保存的文件无法读取，我们已收到通知，请重新上传。"),
    "evidence_erased": marked("这个文件的内容没有保留，不能再下载；文件名和检查结果仍在。需要时请重新上传。"),
    "unavailable": marked("系统暂时无法使用，请稍后再试。"),
    "server_error": marked("请稍后再试。若仍不行，请把编号 %(reference)s 告诉我们。"),
}
"""The detail of every problem, and of each way in which a body or a file is not taken."""

WORDS: Mapping[str, str] = {
    # Statuses of what is asked beside negotiations; where two kinds have one word, the words below say it for both.
    **labels.BILLS,
    **labels.REFERRALS,
    **labels.MANDATES,
    **labels.REVOCATIONS,
    **labels.OWN_APPOINTMENTS,
    **labels.INSTALMENT_STATUSES,
    "answered": marked("已答复"),
    "closed": marked("已结束"),
    # Statuses of a negotiation.
    **labels.STATUSES,
    # Statuses of an offer or an agreement.
    "awaiting_approval": marked("等待复核"),
    "open": marked("有效"),
    "accepted": marked("已接受"),
    "declined": marked("未接受"),
    "superseded": marked("已被替代"),
    "in_force": marked("生效中"),
    "settled": marked("已结清"),
    "ended": marked("已结束"),
    # Statuses of an amendment.
    "with_bank": marked("等待银行答复"),
    "quoted": marked("报价等待确认"),
    "proposed": marked("等待确认"),
    "awaiting_payment": marked("等待还款"),
    "done": marked("已完成"),
    "void": marked("没有按时还款，已失效"),
    "refused": marked("银行未同意"),
    # Kinds of terms.
    **labels.PLAN_KINDS,
    # What an agreement has to say.
    "balance": marked("欠款余额、结构和币种"),
    "payments": marked("还款周期、方式、日期和每期金额"),
    "charges": marked("是否继续计收费用和利息"),
    "promise": marked("不再申领信用卡的承诺"),
    "default_clause": marked("双方的权利义务和违约责任"),
    "other": marked("其他事项"),
    # Purposes of a consent.
    **labels.CONSENT_PURPOSES,
}
"""What a machine word is called where it stands as a parameter of a sentence."""
