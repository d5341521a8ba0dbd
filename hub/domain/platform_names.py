"""Apps and products through which loans are had, by the names people know. None of them is a lender.

Banks, consumer-finance and small-loan companies lend through them; the contract names which one. A name may be missing
here: then a code is still looked up among the creditors, where it is not.
"""

from typing import Final

PLATFORM_NAMES: Final = (
    *("支付宝", "借呗", "花呗", "信用购", "网商贷", "alipay", "jiebei", "huabei"),
    *("微信", "微信支付", "微粒贷", "微业贷", "分付", "wechat", "wechat pay", "weilidai"),
    *("京东", "京东金融", "京东金条", "金条", "京东白条", "白条", "jd", "jd finance", "jintiao", "baitiao"),
    *("度小满", "有钱花", "百度有钱花", "duxiaoman", "youqianhua"),
    *("美团", "美团借钱", "美团生活费", "美团月付", "meituan"),
    *("抖音", "放心借", "抖音放心借", "抖音月付", "douyin", "tiktok"),
    *("滴滴", "滴水贷", "滴滴金融", "didi"),
    *("360借条", "奇富借条", "奇富科技"),
    *("拍拍贷", "信也科技", "分期乐", "乐信", "桔多多", "小赢卡贷", "还呗", "数禾"),
    *("携程金融", "借去花", "拿去花", "去哪儿", "苏宁金融", "任性付", "任性贷"),
    *("天星金融", "小米贷款", "随星借", "国美易卡", "易卡", "唯品花", "你我贷", "宜人贷", "宜享花"),
    *("省呗", "信用飞", "洋钱罐", "来分期", "榕树贷款", "时光分期", "安逸花", "好期贷", "招联金融", "马上金融"),
    *("陆金所", "平安普惠", "陆控", "翼支付", "橙分期", "沃钱包", "云闪付", "unionpay app"),
    *("拼多多", "多多钱包", "快手", "快手借钱", "哔哩哔哩", "淘宝", "taobao", "小鹅花钱", "羊小咩"),
)
