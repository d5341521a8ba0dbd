"""The filling of demo data and background work never run at once."""

import threading
from pathlib import Path

from hub.demo import turns


def test_work_waits_while_demo_data_are_filled_in(tmp_path: Path) -> None:
    done: list[str] = []
    work = turns.after_filling(tmp_path, done.append)
    thread = threading.Thread(target=work, args=("work",))
    with turns.filling(tmp_path):
        thread.start()
        thread.join(0.2)
        assert done == []
        done.append("filled")
    thread.join(20)
    assert done == ["filled", "work"]


def test_work_goes_on_beside_work_and_gives_what_it_gives(tmp_path: Path) -> None:
    inner = turns.after_filling(tmp_path, lambda: "given")
    assert turns.after_filling(tmp_path, inner)() == "given"
