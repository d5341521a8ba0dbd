"""The simulated bank that is reached by SFTP: it takes what agrees, answers as it is told to, and lays out events."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.banks.adapters.sftp import Sftp, make
from hub.banks.adapters.sftp.files import parcel_of
from hub.banks.port import BankCall, Refusal, WrongResponse
from hub.banks.simulator.port import Place
from hub.banks.simulator.sftp import make as make_far
from hub.domain.bank_event import EventType
from hub.domain.clock import FixedClock
from hub.domain.errors import HostNotTrusted, TryAgain
from tests.banks.joined import FarBank, far_bank
from tests.banks.sftp_batches import BATCH, Surroundings, a_bank
from tests.banks.sshd import write_key

pytestmark = pytest.mark.slow


@pytest.fixture
def adapter() -> Sftp:
    return make(Surroundings())  # type: ignore[arg-type]


@pytest.fixture
def far(tmp_path: Path, clock: FixedClock) -> Iterator[FarBank]:
    with far_bank(
        "sftp",
        "01020000",
        tmp_path / "bank",
        hub_url="http://127.0.0.1:1",
        clock=FixedClock(datetime.now(UTC)),
        business=clock,
    ) as made:
        yield made


def test_it_takes_a_batch_once(far: FarBank, adapter: Sftp) -> None:
    bank = a_bank(far.settings)
    for _ in range(2):
        adapter.deliver_batch(BATCH, bank)
    assert [line["id"] for line in far.wrote("took")] == [message.id for message in BATCH.messages]
    assert len(far.wrote("came")) == 2


@pytest.mark.parametrize("behaviour", ["fail=1", "refuse", "cut"])
def test_it_can_fail_and_refuse_and_cut(far: FarBank, adapter: Sftp, behaviour: str) -> None:
    bank = a_bank(far.settings)
    far.behave("silent", behaviour)
    with pytest.raises(TryAgain):
        adapter.deliver_batch(BATCH, bank)
    assert adapter.has_batch(BATCH, bank) == (behaviour == "cut")
    far.behave("silent")
    adapter.deliver_batch(BATCH, bank)
    assert len(far.wrote("took")) == 2


def test_it_takes_no_batch_that_does_not_agree(far: FarBank, adapter: Sftp, tmp_path: Path) -> None:
    bank = a_bank(far.settings)
    parcel = parcel_of(BATCH)
    with adapter._session(bank) as session:
        session.write(f"/out/{parcel.data_name}", [parcel.data + b"more"])
        with pytest.raises(TryAgain):
            session.write(f"/out/{parcel.control_name}", [parcel.control])
    assert (far.wrote("took"), len(far.wrote("notice", about="batch-does-not-agree"))) == ([], 1)


def no_wrong_response(response: WrongResponse) -> bool:
    """Nothing of what is laid out is wrong."""
    raise AssertionError(response)


def test_what_it_says_is_picked_up_in_order_and_what_is_refused_comes_back(far: FarBank, adapter: Sftp) -> None:
    bank, calls = a_bank(far.settings), []

    def apply(call: BankCall) -> Refusal | None:
        calls.append(call.id)
        return Refusal(code="status_conflict", text="too late", status=409) if call.id == "b" * 32 else None

    for letter in "cab":
        assert far.say(EventType.MESSAGE, "n", {"text": letter}, event_id=letter * 32).taken
    assert adapter.collect(bank, apply, no_wrong_response) == 2
    assert calls == [letter * 32 for letter in "cab"]
    [told] = far.wrote("notice", about="refused-by-the-hub")
    assert (told["id"], told["why"]) == ("b" * 32, "status_conflict")
    assert adapter.collect(bank, apply, no_wrong_response) == 0


def test_only_the_key_it_gave_opens_it_and_nothing_leads_out_of_its_folder(
    far: FarBank, adapter: Sftp, tmp_path: Path
) -> None:
    write_key(tmp_path / "another")
    with pytest.raises(TryAgain, match="sign in"):
        adapter.deliver_batch(BATCH, a_bank(far.settings, our_private_key=str(tmp_path / "another")))
    with pytest.raises(HostNotTrusted):
        adapter.deliver_batch(BATCH, a_bank(far.settings, host_key=write_key(tmp_path / "third")))
    with adapter._session(a_bank(far.settings)) as session:
        assert session.size("../../another") is None
        session.write("/out/../../../../escaped", [b"x"])
    assert list(tmp_path.rglob("escaped")) == [far.place.folder / "files" / "escaped"]


def test_a_restart_keeps_keys_and_folders(tmp_path: Path, clock: FixedClock, adapter: Sftp) -> None:
    seen = []
    for _ in range(2):
        folder = tmp_path / "kept"
        folder.mkdir(exist_ok=True)

        place = Place(code="01020000", port=0, folder=folder, hub_url="", http=None, clock=clock)  # type: ignore[arg-type]
        settings = dict(make_far(place).joining.settings)
        seen.append((settings["host_key"], Path(settings["our_private_key"]).read_bytes()))
    assert seen[0] == seen[1]
