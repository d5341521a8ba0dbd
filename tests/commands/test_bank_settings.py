"""`hub bank set`: one key of a bank of any kind, alone; from the command line, a file or standard input."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.__main__ import main
from hub.domain.actor import HUB
from hub.domain.bank_settings import READERS, SECRET_READERS
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import banks
from tests.banks.joined import KINDS, far_bank
from tests.commands.conftest import RunHub

CODE = "01050000"
NAMED = ("--code", CODE, "--name-zh", "建设银行", "--name-en", "CCB")
OLD, NEW = (f"whsec_{letter * 32}" for letter in "ab")
# Another value of each key that any bank takes.
COMMON = {
    "hotline": "95595",
    "complaint_channel": "投诉 95595",
    "desk_email": "desk@b.example",
    "hotline_hours": "每天 8:00 到 20:00",
    "calls_from": "95588 和 010-60000000",
    "response_days": "5",
    "closes_at": "17:00",
    "pause_on_evidence": "true",
    "offer_days": "9",
    "max_counter_offers": "2",
    "four_eyes_above_fen": "100",
    "approval_levels": "100:supervisor,200:bank_admin;waived_principal:+1",
    "max_renegotiations": "2",
    "default_notice_days": "5",
    "collection_agencies": "甲公司, 乙公司",
    "clearance_text": "欠款已经全部结清。",
    "void_after_missed": "3",
    "annual_fee_during_plan": "true",
    "default_clause": "违约按约定处理。",
    "payment_instructions": "请还到原卡。",
    "give_up_after": "2d",
    "daily_digest": "false",
    "mail_brackets": "[]",
    "grace_days": "5",
    "tolerance_fen": "500",
    "card_minimum_percent": "5.00",
    "card_floor_fen": "1000",
    "card_daily_rate_percent": "0.0475",
    "card_late_fee_percent": "4.5",
    "instalment_day_count": "360",
    "instalment_partial_refund": "amount",
    "instalment_response_days": "2",
    "extension_months": "12",
    "max_annual_percent": "18.00",
    "down_payment_days": "5",
    "credit_reporting_clause": "按规定如实报送。",
    "notices_clause": "通知发送到页面和手机。",
    "non_working_day_clause": "还款日不是工作日的，顺延一个工作日。",
    "early_repayment_clause": "请拨打客服电话提出。",
    "card_state_clause": "结清之前停用。",
    "certificate_clause": "提出后 3 个工作日内出具。",
    "transfer_clause": "转让通知持卡人后生效。",
    "card_contract_clause": "以本协议为准。",
    "disputes_clause": "由人民法院管辖。",
    "effect_clause": "签署时生效。",
    "early_repayment_fee": "true",
    "fee_name": "账户管理费",
    "office_address": "北京市西城区复兴门内大街 1 号",
    "office_phone": "010-60000000",
    "services": "reminders,mandates",
    "sign_on_issuer": "https://id.b.example/oidc",
    "sign_on_client_id": "hub",
    "sign_on_secret": "a secret of the client",
    "sign_on_claim": "preferred_username",
    "sign_on_domains": "b.example, cards.b.example",
    "sign_on_second_factor": "asserted",
    "sign_on_acr": "urn:b:two urn:b:three",
}
# Another value of each key of one kind; what is not here can be set to what it is.
OWN = {
    "url": "http://127.0.0.1:9/elsewhere",
    "secret": NEW,
    "mer_id": "777290058110099",
    "cert_id": "42",
    "sign_method": "01",
    "port": "2222",
    "user": "somebody",
    "out_dir": "/other/out",
    "in_dir": "/other/in",
    "done_dir": "/other/done",
    "attach_pdf": "true",
    "desk_mobile": "13800138000",
}


def stored(hub: Hub) -> dict[str, str]:
    with hub.reading(HUB) as tx:
        return dict(banks.get_bank(tx, CODE).settings)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, run_hub: RunHub, tmp_path: Path) -> str:
    """A bank of each kind, with what it needs."""
    settings = {}
    if request.param != "portal":
        clock = FixedClock(datetime.now(UTC))
        with far_bank(
            request.param, CODE, tmp_path / "far", hub_url="http://127.0.0.1:8000", clock=clock, business=clock
        ) as far:
            settings = far.settings
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    added = run_hub("bank", "add", *NAMED, "--adapter", request.param, *words)
    assert (added.status, added.error) == (0, "")
    return str(request.param)


def test_each_key_of_each_kind_is_set_alone_and_nothing_else_changes(kind: str, run_hub: RunHub, hub: Hub) -> None:
    adapter = hub.adapters.adapter(kind)
    before = stored(hub)
    for key in [*READERS, *SECRET_READERS, *adapter.settings]:
        value = COMMON.get(key) or OWN.get(key) or before.get(key)
        assert value is not None, f"say another value of {key} above"
        said = run_hub("bank", "set", CODE, f"{key}={value}")
        assert (key, said.status, said.error) == (key, 0, "")
        before[key] = value
        assert stored(hub) == before


def test_an_empty_value_takes_a_key_away_unless_the_kind_needs_it(kind: str, run_hub: RunHub, hub: Hub) -> None:
    run_hub("bank", "set", CODE, "hotline=95595", "default_clause=我们的条款")
    before = stored(hub)
    assert run_hub("bank", "set", CODE, "hotline=", "default_clause=").status == 0
    assert stored(hub) == {name: text for name, text in before.items() if name not in ("hotline", "default_clause")}
    shown = run_hub("bank", "show", CODE, "--json").json["settings"]
    assert shown["hotline"] == ""
    assert len(shown["default_clause"]) > 20
    for key in hub.adapters.adapter(kind).required:
        said = run_hub("bank", "set", CODE, f"{key}=", "hotline=95588")
        assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
        assert f"{key}=VALUE" in said.error
        assert "--set" not in said.error
        assert "hotline" not in stored(hub)


def test_a_key_that_no_such_bank_takes_is_named_also_without_a_value(kind: str, run_hub: RunHub, hub: Hub) -> None:
    before = stored(hub)
    for word in ("colour=red", "colour="):
        said = run_hub("bank", "set", CODE, word)
        assert (said.status, said.out) == (1, "")
        assert "colour" in said.error
    assert stored(hub) == before


def webhook(run_hub: RunHub) -> None:
    run_hub("bank", "add", *NAMED, "--adapter", "webhook", "--set", "url=http://127.0.0.1:9/", "--set", f"secret={OLD}")


def test_what_is_missing_when_a_bank_is_added_is_asked_for_as_it_is_given_there(run_hub: RunHub) -> None:
    said = run_hub("bank", "add", *NAMED, "--adapter", "webhook", "--set", "url=http://127.0.0.1:9/")
    assert (said.status, said.out) == (1, "")
    assert "--set secret=VALUE" in said.error


def test_a_secret_is_changed_with_the_old_one_beside_it_and_then_alone(run_hub: RunHub, hub: Hub) -> None:
    webhook(run_hub)
    assert run_hub("bank", "set", CODE, f"secret={NEW} {OLD}").status == 0
    assert stored(hub)["secret"] == f"{NEW} {OLD}"
    assert run_hub("bank", "set", CODE, f"secret={NEW}").status == 0
    assert stored(hub) == {"url": "http://127.0.0.1:9/", "secret": NEW}


@pytest.mark.parametrize("content", [NEW.encode(), f"{NEW}\n".encode(), b"\xef\xbb\xbf" + f"{NEW}\r\n".encode()])
@pytest.mark.parametrize("place", ["file", "standard input"])
def test_a_secret_comes_from_a_file_or_by_standard_input(
    run_hub: RunHub, hub: Hub, tmp_path: Path, content: bytes, place: str
) -> None:
    file = tmp_path / "the secret"
    file.write_bytes(content)
    word = f"secret=@{file}" if place == "file" else "secret=-"
    given = None if place == "file" else content
    add = ["bank", "add", *NAMED, "--adapter", "webhook", "--set", "url=http://127.0.0.1:9/", "--set", word]
    for words in (add, ["bank", "set", CODE, word]):
        result = CliRunner().invoke(main, words, input=given)
        assert (result.exit_code, result.stderr) == (0, "")
        assert NEW not in result.stdout
        assert stored(hub)["secret"] == NEW


@pytest.mark.parametrize(
    ("words", "content", "named"),
    [
        (["secret=@nowhere"], b"", "nowhere"),
        (["secret=@file"], b"\xff\xfe\x00", "UTF-8"),
        (["secret=@file"], b"a\0b", "text"),
        (["secret=@file"], b"\n", "empty"),
        (["secret=@file"], b"a" * 70_000, "64 KiB"),
        (["secret=-", "hotline=-"], b"", "one key"),
        (["secret=a", "secret=b"], b"", "twice"),
        (["secret=@file"], b"seen-by-nobody", "whsec_"),
    ],
)
def test_a_value_that_cannot_be_read_is_one_line_without_it(
    run_hub: RunHub, hub: Hub, tmp_path: Path, words: list[str], content: bytes, named: str
) -> None:
    webhook(run_hub)
    (tmp_path / "file").write_bytes(content)
    said = run_hub("bank", "set", CODE, *words)
    assert said.status != 0
    [line] = said.error.splitlines()
    assert named in line
    assert "seen-by-nobody" not in line
    assert stored(hub)["secret"] == OLD


def test_a_key_that_is_given_instead_of_its_file_is_not_repeated(run_hub: RunHub, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    words = ("--set", "url=http://127.0.0.1:9/", "--set", "mer_id=1", "--set", "cert_id=1")
    said = run_hub("bank", "add", *NAMED, "--adapter", "unionpay", *words, "--set", "our_private_key=@key")
    assert said.status == 1
    assert "our_private_key" in said.error
    assert "PRIVATE KEY-----" not in said.error
