"""Between whom a paper is, and of which negotiation: what every paper of one begins with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperParties:
    """The bank, the cardholder and their document, as the paper writes them, masked where they have to be."""

    reference: str
    bank_name_zh: str
    bank_name_en: str
    cardholder_name: str
    id_type_label: str
    id_number: str
