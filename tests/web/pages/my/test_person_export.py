"""A person takes all that is held of them along, from their settings."""

from __future__ import annotations

import io
import json
import zipfile

from tests.web.pages.reader import Page


def test_all_of_it_is_one_press_at_the_settings(sent: Page) -> None:
    settings = sent.reader.open("/my/settings")
    assert "/my/my-data.zip" in settings.links
    assert "银行内部的备注请向银行查阅" in settings.text
    answer = sent.reader.web.get("/my/my-data.zip", buffered=True)
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as export:
        kept = json.loads(export.read("data/kept_for_you.json"))
        [negotiation] = json.loads(export.read("data/negotiations.json"))
    assert set(kept) == {
        *("settings", "application_not_sent", "forms_not_sent", "signed_in", "bills", "bill_consents"),
        *("requests", "mandates", "deductions", "referrals", "appointments"),
    }
    assert kept["signed_in"]
    assert sent.address.split("?")[0].endswith(negotiation["id"])


def test_a_stranger_is_asked_who_they_are(sent: Page) -> None:
    stranger = sent.reader.web.application.test_client()
    assert stranger.get("/my/my-data.zip").status_code == 303
