"""A client that is generated from the OpenAPI document, as an engineer would do it: it survives what is answered."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.banks.joined import served
from tests.storage.postgres_server import free_port
from tests.web.caller import Caller

# What an engineer writes: a page of negotiations, one of them, its paper, and one that is not there.
_PROGRAM = """
import importlib, pkgutil, sys
import negotiated_repayment_hub_client as package
from negotiated_repayment_hub_client import AuthenticatedClient
from negotiated_repayment_hub_client.api.documents import download_application_form
from negotiated_repayment_hub_client.api.evidence import download_evidence
from negotiated_repayment_hub_client.api.negotiations import get_negotiation, list_negotiations

for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
base, token, file = sys.argv[1:]
client = AuthenticatedClient(base_url=base, token=token)
[listed] = list_negotiations.sync(client=client).items
one = get_negotiation.sync(listed.id, client=client)
paper = download_application_form.sync(one.id, client=client)
bytes_ = download_evidence.sync(file, client=client)
problem = get_negotiation.sync("0" * 32, client=client)
print(one.reference, one.bank.code, one.clock.working_days_left)
print(paper.payload.read(4), bytes_.payload.read(4), problem.code)
"""


def test_a_generated_client_reads_answers_papers_and_problems(
    app: Flask, web: FlaskClient, host_app: Caller, delivered: str, work_off: Callable[[], int], tmp_path: Path
) -> None:
    work_off()
    document: dict[str, Any] = web.get("/api/v1/openapi.json").get_json()
    (tmp_path / "document.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    words = ("generate", "--path", "document.json", "--config", "config.yml", "--meta", "none", "--fail-on-warning")
    output = "negotiated_repayment_hub_client"
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *words, "--output-path", output],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    file = host_app.upload().get_json()["id"]
    port = free_port()
    with served(app, port):
        base = f"http://127.0.0.1:{port}"
        ran = subprocess.run(
            [sys.executable, "-c", _PROGRAM, base, host_app.token, file],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    reference, code, days, *rest = ran.stdout.split()
    assert (reference[:3], code, days.isdecimal()) == ("XS-", "01020000", True)
    assert rest == ["b'%PDF'", "b'%PDF'", "not_found"]
