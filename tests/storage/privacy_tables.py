"""The tables of `docs/privacy.md` that are made from the code: `make data-map` writes them anew."""

from pathlib import Path
from textwrap import wrap
from typing import Final

from hub.domain import labels
from hub.domain.consent import TEXTS_IN_FORCE, Purpose
from hub.domain.consent_ledger import FOR_ALL_OF_IT, WITHDRAWABLE
from hub.domain.retention import RULES
from storage.data_map import TABLES

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "privacy.md"
_END: Final = "<!-- end -->"
_WIDTH: Final = 118


def classes() -> str:
    """Each class with what it is, and below the table where it lies, why, how long and who sees it."""
    lines = ["| class | what |", "| --- | --- |"]
    lines += [f"| `{name}` | {rule.what} |" for name, rule in RULES.items()]
    for name, rule in RULES.items():
        where = ", ".join(f"`{table}`" for table, each in TABLES.items() if each.of is name)
        time = f"{rule.days} days from {rule.begins}; then {rule.ends}" if rule.days else rule.ends
        said = (("where", where), ("ground", rule.basis), ("how long", time), ("who sees it", rule.seen_by))
        lines += ["", f"**`{name}`**", ""]
        for label, words in said:
            lines += wrap(f"- {label}: {words}", _WIDTH, subsequent_indent="  ") if words else []
    return "\n".join(lines)


def consents() -> str:
    """Each purpose with the version in force."""
    lines = ["| purpose | on pages | version | can be taken back | ends |", "| --- | --- | --- | --- | --- |"]
    for text in TEXTS_IN_FORCE:
        purpose = Purpose(text.purpose)
        ends = "all that the bank is given" if purpose in FOR_ALL_OF_IT else "its own files"
        back, ends = ("yes", ends) if purpose in WITHDRAWABLE else ("no: a statement of fact", "")
        lines.append(f"| `{purpose}` | {labels.CONSENT_PURPOSES[purpose]} | {text.version} | {back} | {ends} |")
    return "\n".join(lines)


def with_tables(document: str) -> str:
    """The document with what the code says between its marks."""
    for name, table in (("classes", classes()), ("consents", consents())):
        mark = f"<!-- made from the code: {name} -->\n"
        before, _, rest = document.partition(mark)
        _, _, after = rest.partition(_END)
        document = f"{before}{mark}{table}\n{_END}{after}"
    return document


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
