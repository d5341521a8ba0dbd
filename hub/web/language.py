"""Which language a caller reads: Chinese, unless it would rather have English."""

from flask import request

from hub.web.sentences import Locale


def language() -> Locale:
    """The language of the answer to the present request, after its Accept-Language."""
    best = request.accept_languages.best_match(("zh", "zh-CN", "en"), default="zh")
    return "en" if best == "en" else "zh"
