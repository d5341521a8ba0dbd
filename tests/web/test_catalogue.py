"""The English of texts: each stands in one catalogue, with the parameters of its Chinese."""

import re
from collections import Counter

from babel.messages.pofile import read_po

from hub.web.catalogue import CATALOGUES, english, english_of_one

_PARAMETER = re.compile(r"%\((\w+)\)s")


def test_a_text_has_its_english_in_one_catalogue() -> None:
    texts: Counter[str] = Counter()
    for path in CATALOGUES.glob("*.po"):
        with path.open("rb") as file:
            texts.update(str(message.id) for message in read_po(file, locale="en") if message.id)
    assert len(texts) > 1000
    assert [text for text, times in texts.items() if times > 1] == []


def test_english_names_no_parameter_that_the_chinese_lacks() -> None:
    wrong = [
        text
        for forms in (english(), english_of_one())
        for text, said in forms.items()
        if not {*_PARAMETER.findall(said)} <= {*_PARAMETER.findall(text)}
    ]
    assert wrong == []
