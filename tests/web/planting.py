"""People and words that can be told from everything else, brought into a hub through each of its doors.

Every door has a person or a word of its own, so what is found says through which door it came.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.erasure import holds
from hub.wiring import Hub
from storage.records import BankRecord
from tests import applications
from tests.applications import CMB, ICBC, card, id_number, pdf, terms
from tests.banks.unionpay_far import OURS, RSA, THEIRS
from tests.banks.unionpay_far import signed as signed_by
from tests.conftest import SentMessages
from tests.services.case import Case
from tests.web.caller import Caller, made
from tests.web.merchant import Merchant, new_order
from tests.web.pages.cardholders import consents, fill_cards, fill_month, launched, longest_option
from tests.web.pages.clerk import Clerk, forms_of
from tests.web.pages.reader import Reader

WORD = "植入标记"
PEOPLE: dict[str, dict[str, Any]] = {
    door: {
        "subject": f"planted-subject-{door}",
        "name": f"欧阳植入{name}",
        "id_type": "resident_id",
        "id_number": id_number(number),
        "mobile": f"1391234{number:04d}",
        "email": f"planted-{door}@example.com",
    }
    for door, name, number in (("api", "甲", 871), ("gateway", "乙", 872), ("pages", "丙", 873), ("launch", "丁", 874))
}
CARDS = {"api": card(CMB, 871_871_001), "own": card(ICBC, 871_871_005), "gateway": card(ICBC, 871_871_002)}
CARDS |= {"launch": card(ICBC, 871_871_003)}
SUBJECTS = [person["subject"] for person in PEOPLE.values()]
MARKERS = [
    WORD,
    *(person[name] for person in PEOPLE.values() for name in ("name", "id_number", "mobile", "email")),
    *CARDS.values(),
    # Without the six and four digits that may be shown.
    *(number[6:-4] for number in CARDS.values()),
]


def paper(door: str) -> bytes:
    """A PDF that says in its notes through which door it came."""
    return pdf(f"{WORD}-{door}")


def planted(door: str, *bank_codes: str, **changes: Any) -> dict[str, Any]:
    """An application in which everything that can be typed is planted."""
    body = applications.application(*bank_codes, applicant=PEOPLE[door])
    body["hardship"] = {"reasons": ["other"], "since": "2026-06-01", "description": f"{WORD}-{door}-description"}
    body["proposal"]["note"] = f"{WORD}-{door}-note"
    body["representative"] = {
        "name": f"{WORD}代",
        "relation": "配偶",
        "mobile": "13912348799",
        "authority_evidence": None,
    }
    return {**body, **changes}


@dataclass(slots=True)
class Doors:
    """A hub with its callers. Each method goes through one door and sees to it that what it brings is taken."""

    app: Flask
    hub: Hub
    web: FlaskClient
    host_app: Caller
    bank: Caller
    merchant: Merchant
    sms: SentMessages
    clock: FixedClock

    def api(self, case: Case) -> None:
        """What a host app says and uploads, right and wrong."""
        path = f"/negotiations/{case.id}"
        file = made(self.host_app.upload(paper("api"), name=f"{WORD}-api.pdf", subject=PEOPLE["api"]["subject"]))["id"]
        case.work_off()
        message = {"text": f"{WORD}-message", "evidence": [{"id": file, "kind": "payslip"}]}
        made(self.host_app.post(f"{path}/messages", message))
        made(self.host_app.post(f"{path}/call-records", {"at": "2026-11-21T09:00:00+08:00", "text": f"{WORD}-call"}))
        self.host_app.get("/negotiations", query_string={"subject": PEOPLE["api"]["subject"]})
        wrong = planted("api", CMB, finances={"monthly_income_fen": WORD}, **{f"{WORD}-field": PEOPLE["api"]})
        assert self.host_app.post("/applications", wrong).status_code == 422
        assert self.host_app.post("/applications", [WORD]).status_code in {400, 422}
        assert self.web.get(f"/api/v1/negotiations/{PEOPLE['api']['id_number']}").status_code in {401, 404}
        made(
            self.host_app.post(
                f"{path}/complaints", {"sent_on": "2026-11-21", "channel": "phone", "text": f"{WORD}-complaint"}
            )
        )

    def gateway(self) -> None:
        """The same of a host app that speaks signed pairs."""
        body = planted("gateway", accounts=[applications.account(ICBC, card_number=CARDS["gateway"])])
        assert self.merchant.ask(new_order(), body)[0] == 200
        assert self.merchant.ask(new_order(), {**body, f"{WORD}-gateway": WORD})[0] == 422

    def launch(self) -> Reader:
        """A person whom a host app sends over, with cards."""
        return launched(
            self.app,
            self.host_app,
            **{name: value for name, value in PEOPLE["launch"].items() if name != "email"},
            cards=[{"bank_code": ICBC, "card_number": CARDS["launch"]}],
        )

    def application_pages(self, reader: Reader) -> str:
        """The steps of an application, and the negotiation's address."""
        reason = fill_cards(reader, taken=1)
        told = {"hardship.reasons": ["illness"], "hardship.description": f"{WORD}-reason"}
        # Kept unfinished first, as the script does.
        address, data = reason.sent("保存并继续", told)
        data.setlist("do", ["draft"])
        reader.web.post(address, data=data)
        evidence = fill_month(reason.press("保存并继续", told))
        files = {"files.income": (f"{WORD}-apply.pdf", paper("apply"))}
        contact = evidence.press("上传", files=files).press("保存并继续")
        contact = contact.press("保存并继续", {"option": [longest_option(contact)]})
        checked = contact.press("保存并继续", {"applicant.email": PEOPLE["launch"]["email"], **consents(contact)})
        assert checked.address == "/apply/check", checked.text
        done = checked.press("提交给 1 家银行")
        return next(each for each in done.links if each.startswith("/my/negotiations/"))

    def own_pages(self, reader: Reader, address: str) -> None:
        """Words and files of a person who follows their negotiation, taken and refused."""
        form = reader.open(f"{address}/message")
        form.press("发送", {"text": f"{WORD}-my"}, files={"file": (f"{WORD}-my.pdf", paper("my"))})
        refused = reader.open(f"{address}/message").press(
            "发送", {"text": WORD}, files={"file": (f"{WORD}.doc", b"PK")}
        )
        assert refused.status == 422
        reader.open(f"{address}/call").press("保存到记录", {"at": "2026-11-20 9:30", "text": f"{WORD}-own-call"})

    def text_message(self) -> None:
        """A mobile that asks for a code, and types it wrongly."""
        reader = Reader(self.app.test_client())
        asked = reader.open("/sign-in/").press("发送验证码", {"mobile": PEOPLE["pages"]["mobile"]})
        assert asked.press("登录", {"code": "000000"}).status == 422
        assert asked.press("登录", {"code": self.sms.sent[-1][1][:6]}).status == 200

    def bank_program(self, case: Case) -> None:
        """What the bank's program says and asks for."""
        path = f"/bank/negotiations/{case.id}"
        made(self.bank.post(f"{path}/messages", {"text": f"{WORD}-bank-message"}))
        made(self.bank.post(f"{path}/request-evidence", {"kinds": ["payslip"], "text": f"{WORD}-asked"}), 200)
        made(self.bank.post(f"{path}/offers", {"terms": terms(note=f"{WORD}-offer")}))
        made(self.bank.get(path), 200)

    def bank_system(self, case: Case, directory: Any) -> None:
        """What the bank's own system says at its door: applied, of no use, and not signed."""
        (directory / "our-key").write_bytes(OURS[RSA][0])
        (directory / "their-key").write_bytes(THEIRS[RSA][1])
        with self.hub.writing(case.REVIEWER) as tx:
            bank = tx.session.get_one(BankRecord, case.bank_code)
            bank.adapter = "unionpay"
            bank.settings = {
                **bank.settings,
                "url": "http://127.0.0.1:9/",
                "mer_id": self.merchant.mer_id,
                "cert_id": "1",
                "our_private_key": str(directory / "our-key"),
                "bank_public_key": str(directory / "their-key"),
            }
        say = {"text": f"{WORD}-event"}
        assert self._notice(case, "EVENT0000001", say) == 200
        assert self._notice(case, "EVENT0000002", {f"{WORD}-key": PEOPLE["api"]}) == 422
        assert self._notice(case, "EVENT0000003", say, private=OURS[RSA][0]) == 401

    def _notice(self, case: Case, event: str, data: Any, private: bytes = THEIRS[RSA][0]) -> int:
        content = {"negotiation": case.id, "data": data}
        pairs = self.merchant.pairs(event, content, certId="7", txnSubType="15", accessType="2")
        body = urlencode(signed_by(pairs, private))
        answer = self.web.post(
            f"/adapters/{case.bank_code}/notify", data=body, content_type="application/x-www-form-urlencoded"
        )
        return answer.status_code

    def staff_forms(self, clerk: Clerk) -> None:
        """What people at the bank type: notes, messages, searches, reasons, drafts, and a wrong form."""
        assert clerk.done("/messages", {**clerk.form("/messages"), "text": f"{WORD}-staff-message"}) == "written"
        assert clerk.done("/notes", {**clerk.form("/notes"), "text": f"{WORD}-staff-note"}) == "noted"
        call = {"at": "2026-11-20 16:30", "direction": "outbound", "text": f"{WORD}-staff-call"}
        assert clerk.done("/calls", {**clerk.form("/calls"), **call}) == "call"
        draft = {**clerk.form("/messages"), "text": f"{WORD}-draft", "do": "draft"}
        clerk.web.post(f"{clerk.address}/messages", data=draft)
        clerk.refused("/calls", {**clerk.form("/calls"), "at": WORD, "text": f"{WORD}-refused"})
        for typed in (PEOPLE["api"]["name"], PEOPLE["api"]["mobile"], CARDS["own"], WORD):
            answer = clerk.web.post("/portal/search", data={"csrf_token": clerk.token(), "q": typed})
            clerk.get(str(answer.location))
        asked = {"kinds": ["payslip"], "text": f"{WORD}-preview"}
        clerk.send("/request-evidence", {**clerk.form("/request-evidence"), **asked}, step="preview")

    def table(self, clerk: Clerk) -> bytes:
        """A table of the bank's queue, masked as everybody may have it."""
        fields = forms_of(clerk.get("/portal/exports/new?kind=queue"))["new"] | {"format": "csv"}
        asked = clerk.web.post("/portal/exports/new", data=fields)
        clerk.case.work_off()
        taken = clerk.web.post(f"{asked.location}/file", data=forms_of(clerk.get(str(asked.location)))["file"])
        assert taken.content_type == "text/csv; charset=utf-8"
        return io.BytesIO(taken.data).getvalue()

    def operator_words(self, case: Case) -> None:
        """Why an operator holds a case, which may name anybody."""
        with case.row() as (_, row):
            reference = row.reference
        with self.hub.writing(HUB) as tx:
            holds.hold(tx, reference, f"{WORD}-hold {PEOPLE['api']['name']}")
