"""The notice of a default: printed once with the end, what it names, and what is made up for later."""

import io
import zipfile
from datetime import timedelta

import pytest

from hub.documents import verify
from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.errors import NotFound, StatusConflict
from hub.domain.legal_stage import LegalStage, LegalStanding
from hub.services.agreements import default_notices
from hub.services.documents import records
from hub.services.negotiations import legal_stages
from tests import applications
from tests.services.case import Case


def shown(case: Case) -> list[str]:
    """The pages of the notice that are printed when the job runs twice."""
    pages: list[str] = []

    def printer(html: str) -> bytes:
        pages.append(html)
        return applications.pdf()

    for _ in range(2):
        default_notices.print_default_notice(case.hub, printer, case.hub.store, case.id)
    return pages


def test_it_names_reason_missed_rows_sums_and_effect_and_is_printed_once(defaulted: Case) -> None:
    [page] = shown(defaulted)
    rows = defaulted.view()["agreement"]["payments"]
    open_fen = sum(row["total_fen"] for row in rows) - 10_000
    for said in (
        "连续两期未还，多次联系未获答复。",
        "2026 年 12 月 20 日",
        "2027 年 1 月 20 日",
        f"{open_fen / 100:,.2f} 元（含还没有到期的各期）",
        "2027 年 1 月 28 日 00:00:00",
        "个性化分期还款协议，2026 年 11 月 21 日 10:00:00 签署",
    ):
        assert said in page, said
    assert "2027 年 2 月 20 日" not in page


def test_it_calls_an_agreement_on_a_debt_in_court_as_that_calls_itself(case: Case) -> None:
    sued = LegalStanding(legal_stage=LegalStage.SUED)
    with case.hub.writing(case.REVIEWER) as tx:
        legal_stages.state(tx, case.id, sued, bank_code=case.bank_code)
    case.accept(case.offer())
    case.at("2027-01-24 10:00")
    for number in (1, 2):
        case.miss(number)
    case.end(EndReason.DEFAULTED, "连续两期未还，多次联系未获答复。")
    [page] = shown(case)
    assert "庭外和解协议，2026 年 11 月 21 日" in page
    assert "个性化分期" not in page


def test_it_follows_the_end_with_its_digest_in_the_log_and_lies_in_the_record(defaulted: Case) -> None:
    assert defaulted.view()["agreement"]["default_notice"] is None
    defaulted.work_off()
    notice = defaulted.view()["agreement"]["default_notice"]
    assert notice["url"].endswith(f"/api/v1/negotiations/{defaulted.id}/agreement/default-notice.pdf")
    [attached] = defaulted.log()[-1].header.attachments
    assert (attached.kind, attached.sha256) == ("default_notice", notice["sha256"])
    out = io.BytesIO()
    with defaulted.row() as (tx, row):
        gathered = records.gather(tx, defaulted.hub.store, row)
    gathered.write(out)
    with zipfile.ZipFile(out) as packed:
        assert "default-notice.pdf" in packed.namelist()
    assert verify.DOCUMENTS["default_notice"] == "default-notice.pdf"


def test_one_that_lost_its_job_is_printed_all_the_same(defaulted: Case) -> None:
    with defaulted.hub.reading(HUB) as tx:
        assert default_notices.jobs_unprinted(tx) == []
    defaulted.clock.at += timedelta(minutes=3)
    with defaulted.hub.reading(HUB) as tx:
        assert [job.argument for job in default_notices.jobs_unprinted(tx)] == [defaulted.id]
    defaulted.work_off()
    with defaulted.hub.reading(HUB) as tx:
        assert default_notices.jobs_unprinted(tx) == []


def test_both_sides_can_write_until_it_counts(defaulted: Case) -> None:
    defaulted.at("2027-01-27 23:59")
    defaulted.write("第二期已经还了。")
    assert defaulted.kinds().count("message") == 1
    defaulted.at("2027-01-28 00:00")
    with pytest.raises(StatusConflict):
        defaulted.write("还在吗")


def test_no_other_end_has_one(agreed: Case) -> None:
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    agreed.work_off()
    assert shown(agreed) == []
    assert agreed.view()["agreement"]["default_notice"] is None
    with pytest.raises(NotFound), agreed.row() as (tx, row):
        records.document(tx, agreed.hub.store, row, records.DEFAULT_NOTICE)
