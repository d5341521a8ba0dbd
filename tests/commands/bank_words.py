"""The words that add a bank."""

ICBC = ("--code", "01020000", "--name-zh", "中国工商银行", "--name-en", "ICBC", "--adapter", "portal")
