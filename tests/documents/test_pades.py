"""A sealed paper, as poppler, OpenSSL and pyHanko's own validator find it; and what breaks the seal."""

import asyncio
import hashlib
import io
import logging
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.documents.agreement_document import html_of
from hub.documents.pades import MOST_STAMP, PadesSigner
from hub.documents.printing import print_pdf
from hub.documents.seal_files import SealKey
from hub.documents.time_stamping import HttpTimeStampAuthority
from hub.domain.errors import TryAgain, Unusable
from tests import applications
from tests.bent import bent
from tests.documents.samples import agreement
from tests.documents.seals import NOW, Authority, new_authority, openssl_verifies, pdfsig, rsa_key
from tests.documents.time_stamps import StampService, stamping

VALID = "Signature Validation: Signature is Valid."


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority()


@pytest.fixture(scope="module")
def key(authority: Authority) -> SealKey:
    return authority.issue()


@pytest.fixture
def stamps(authority: Authority) -> Iterator[StampService]:
    with stamping(authority) as service:
        yield service


def signer_of(key: SealKey, stamps: StampService | None = None, at: datetime = NOW) -> PadesSigner:
    http = OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset()))
    authority = None if stamps is None else HttpTimeStampAuthority(stamps.url, http)
    return PadesSigner(key, now=lambda: at, authority=authority)


def validated(pdf: bytes, *trusted: Authority, at: datetime = NOW) -> PdfSignatureStatus:
    """What pyHanko says of the paper's one signature to somebody who trusts these authorities."""
    roots = [asn1_x509.Certificate.load(each.certificate.public_bytes(Encoding.DER)) for each in trusted]
    context = ValidationContext(trust_roots=roots, moment=at, best_signature_time=at)
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert len(signatures) == 1
    return validate_pdf_signature(signatures[0], context, ts_validation_context=context)


@cache
def paper() -> bytes:
    return print_pdf(html_of(agreement()))


def pictures(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        return [page.render(scale=1, may_draw_forms=True).to_pil().tobytes() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("bits", [None, 2048, 3072])
def test_three_tools_find_the_signature_good(authority: Authority, tmp_path: Path, bits: int | None) -> None:
    key = authority.issue(key=None if bits is None else rsa_key(bits))
    plain = applications.pdf()
    pdf = signer_of(key).sign(plain)
    assert pdf.startswith(plain)
    said = pdfsig(pdf, tmp_path)
    assert VALID in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "某某协商平台签章" in said
    assert openssl_verifies(pdf, authority, tmp_path)
    found = validated(pdf, authority)
    assert found.bottom_line
    assert found.signer_reported_dt == NOW
    assert found.docmdp_ok
    # No form, note or signature may be put in later.
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert signature.docmdp_level == MDPPerm.NO_CHANGES
    assert found.modification_level == ModificationLevel.NONE


def test_who_trusts_another_authority_is_not_told_that_it_is_good(
    key: SealKey, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    pdf = signer_of(key).sign(applications.pdf())
    other = new_authority("另一家认证机构")
    found = validated(pdf, other)
    assert (found.intact, found.valid, found.trusted, found.bottom_line) == (True, True, False, False)
    assert not openssl_verifies(pdf, other, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["a page", "the end", "the signature"])
def test_a_changed_byte_breaks_it_for_all(authority: Authority, key: SealKey, tmp_path: Path, where: str) -> None:
    pdf = bytearray(signer_of(key).sign(paper()))
    at = {
        "a page": pdf.index(b"stream\r\n" if b"stream\r\n" in pdf else b"stream\n") + 40,
        "the end": pdf.rindex(b"startxref") - 2,
        # Behind it there is room that is not used, in zeros.
        "the signature": len(pdf[: pdf.index(b">", pdf.index(b"/Contents <"))].rstrip(b"0")) - 20,
    }[where]
    pdf[at] = ord("0") if pdf[at] != ord("0") else ord("1")
    changed = bytes(pdf)
    assert VALID not in pdfsig(changed, tmp_path)
    assert not openssl_verifies(changed, authority, tmp_path)


def test_what_is_put_behind_it_is_found(authority: Authority, key: SealKey, tmp_path: Path) -> None:
    pdf = signer_of(key).sign(applications.pdf())
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "另一份协议"})
    writer.pages[0].merge_page(pypdf.PageObject.create_blank_page(width=72, height=72))
    out = io.BytesIO()
    writer.write(out)
    assert "Not total document signed" in pdfsig(out.getvalue(), tmp_path)
    assert not validated(out.getvalue(), authority).bottom_line


def test_a_time_stamp_says_when(authority: Authority, key: SealKey, stamps: StampService, tmp_path: Path) -> None:
    pdf = signer_of(key, stamps, at=NOW + timedelta(minutes=3)).sign(applications.pdf())
    found = validated(pdf, authority)
    assert found.bottom_line
    assert found.timestamp_validity is not None
    assert found.timestamp_validity.timestamp == NOW
    assert found.timestamp_validity.trusted
    assert VALID in pdfsig(pdf, tmp_path)
    # The authority is asked once, and sees a digest alone.
    assert len(stamps.asked) == 1
    query = tsp.TimeStampReq.load(stamps.asked[0]).native
    assert len(query["message_imprint"]["hashed_message"]) == 32
    assert len(stamps.asked[0]) < 100


async def holds_years_later(pdf: bytes, trusted: Authority) -> bool:
    """Whether the signature holds by its time stamp once its certificate has ended (ETSI EN 319 102-1, 5.5)."""
    root = asn1_x509.Certificate.load(trusted.certificate.public_bytes(Encoding.DER))
    unasked = RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([root]), revinfo_policy=CertRevTrustPolicy(unasked)
    )
    late = NOW + timedelta(days=1000)
    timing = ValidationTimingInfo(validation_time=late, best_signature_time=late, point_in_time_validation=True)
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    signature.compute_integrity_info()
    found = await ades_with_time_validation(
        signature.signed_data,
        SignatureValidationSpec(cert_validation_policy=policy),
        raw_digest=signature.compute_digest(),
        timing_info=timing,
    )
    return bool(found.ades_subindic == AdESPassed.OK)


def test_with_a_stamp_it_holds_after_its_certificate_has_ended(
    authority: Authority, key: SealKey, stamps: StampService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    signer = signer_of(key, stamps)
    with_stamp, without = (signer.sign(applications.pdf(), stamped=each) for each in (True, False))
    assert asyncio.run(holds_years_later(with_stamp, authority))
    assert not asyncio.run(holds_years_later(without, authority))


def test_without_a_stamp_it_is_signed_all_the_same(authority: Authority, key: SealKey, stamps: StampService) -> None:
    stamps.status = 503
    signer = signer_of(key, stamps)
    with pytest.raises(TryAgain, match="503"):
        signer.sign(applications.pdf())
    found = validated(signer.sign(applications.pdf(), stamped=False), authority)
    assert found.bottom_line
    assert found.timestamp_validity is None
    assert len(stamps.asked) == 1


def _of_other_bytes(query: tsp.TimeStampReq) -> tsp.TimeStampReq:
    query["message_imprint"]["hashed_message"] = hashlib.sha256(b"something else").digest()
    return query


def _without_nonce(query: tsp.TimeStampReq) -> tsp.TimeStampReq:
    del query["nonce"]
    return query


@pytest.mark.parametrize("spoil", [_of_other_bytes, _without_nonce])
def test_a_stamp_of_something_else_is_not_taken(key: SealKey, stamps: StampService, spoil: object) -> None:
    stamps.spoil = spoil  # type: ignore[assignment]
    with pytest.raises(TryAgain):
        signer_of(key, stamps).sign(applications.pdf())


def test_an_answer_that_is_none_is_not_taken(key: SealKey, stamps: StampService) -> None:
    signer = signer_of(key, stamps)
    refused = bytes.fromhex("3005 3003 020102")
    for content in (b"", b"<html>", refused, bytes(MOST_STAMP)):
        stamps.content = content
        with pytest.raises(TryAgain):
            signer.sign(applications.pdf())


def test_a_stamp_whose_own_signature_is_broken_is_not_taken(key: SealKey, stamps: StampService) -> None:
    # Its last bytes are of the signature.
    stamps.spoil_answer = bent
    with pytest.raises(TryAgain, match="not signed"):
        signer_of(key, stamps).sign(applications.pdf())


def test_a_stamp_for_which_there_is_no_room_is_not_taken(key: SealKey, authority: Authority) -> None:
    many = [authority.issue() for _ in range(20)]
    with stamping(authority, many) as stamps, pytest.raises(TryAgain, match="bytes"):
        signer_of(key, stamps).sign(applications.pdf())


def test_nobody_at_the_authoritys_address_is_another_try(key: SealKey, authority: Authority) -> None:
    with stamping(authority) as gone:
        pass
    with pytest.raises(TryAgain):
        signer_of(key, gone).sign(applications.pdf())


@pytest.mark.parametrize(
    "content", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", applications.pdf().replace(b"/Root", b"/Loot")]
)
def test_what_is_no_pdf_is_not_sealed(key: SealKey, content: bytes) -> None:
    with pytest.raises(Unusable):
        signer_of(key).sign(content)


def test_what_is_sealed_is_not_sealed_again(key: SealKey) -> None:
    with pytest.raises(Unusable):
        signer_of(key).sign(signer_of(key).sign(applications.pdf()))


def test_papers_of_two_keys_hold_each_by_its_own(authority: Authority, key: SealKey) -> None:
    before, after = key, authority.issue("某某协商平台签章 2028")
    old, new = (signer_of(each).sign(applications.pdf()) for each in (before, after))
    for pdf, sealed_with in ((old, before), (new, after)):
        found = validated(pdf, authority)
        assert found.bottom_line
        assert found.signing_cert.serial_number == sealed_with.certificate.serial_number


def test_papers_stamped_by_an_authority_of_before_hold_beside_those_of_another(
    authority: Authority, key: SealKey, stamps: StampService
) -> None:
    another = new_authority("另一家时间戳机构")
    with stamping(another) as others:
        old, new = (signer_of(key, each).sign(applications.pdf()) for each in (stamps, others))
    for pdf in (old, new):
        found = validated(pdf, authority, another)
        assert found.bottom_line
        assert found.timestamp_validity is not None
        assert found.timestamp_validity.trusted
        # A stamp brings its own certificate; whom to trust is the reader's.
        assert validated(pdf, authority).intact


@pytest.mark.slow
def test_the_paper_looks_and_reads_as_before(key: SealKey, stamps: StampService, tmp_path: Path) -> None:
    plain = paper()
    for pdf, most in (
        (signer_of(key).sign(plain), 10 * 1024),
        (signer_of(key, stamps).sign(plain), 30 * 1024),
    ):
        assert len(pdf) - len(plain) < most
        assert pictures(pdf) == pictures(plain)
        (tmp_path / "a.pdf").write_bytes(plain)
        (tmp_path / "b.pdf").write_bytes(pdf)
        for tool in ("pdftotext", "pdffonts"):
            words = [[tool, name, "-"] if tool == "pdftotext" else [tool, name] for name in ("a.pdf", "b.pdf")]
            first, second = (subprocess.run(each, cwd=tmp_path, check=True, capture_output=True) for each in words)
            assert first.stdout == second.stdout
            assert first.stdout
        # What reads aloud finds the paper's structure, and nothing to fill in.
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert "/StructTreeRoot" in opened.Root
            assert str(opened.Root.AcroForm.Fields[0].TU) == "平台的电子签章"
