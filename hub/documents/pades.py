"""Papers signed as PAdES (ETSI EN 319 142-1), levels B-B and B-T. The only importer of pyHanko.

Loaded where a paper is signed and nowhere else: it takes as long as a page takes to print.
"""

import asyncio
import hashlib
import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from asn1crypto import cms, tsp
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hub.documents.paper_seal import PaperSeal, TimeStampAuthority
from hub.documents.seal_files import SealKey
from hub.domain.errors import TryAgain, Unusable

FIELD = "HubSeal"
FIELD_NAME = "平台的电子签章"
DIGEST = "sha256"
# A stamp with the certificates of its authority; room for it is kept in every paper that is stamped.
MOST_STAMP = 8 * 1024
_SLACK = 64
_NO_STAMP = "the time stamp authority gave no stamp ({})"
_USAGES = frozenset({"digital_signature", "non_repudiation"})


class PadesSigner:
    """Seals with one key; any number of threads may use it."""

    def __init__(
        self, key: SealKey, *, now: Callable[[], datetime], authority: TimeStampAuthority | None = None
    ) -> None:
        self._key = key
        self._now = now
        self._authority = authority

    @property
    def seal(self) -> PaperSeal:
        """See `PaperSigner`."""
        return self._key.seal

    def sign(self, pdf: bytes, *, stamped: bool = True) -> bytes:
        """See `PaperSigner`; raises `Unusable` for what is no PDF, or has a signature."""
        stamper = _Stamper(self._authority) if stamped and self._authority is not None else None
        out = io.BytesIO()
        try:
            paper = IncrementalPdfFileWriter(io.BytesIO(pdf))
            signer = _SignerAt(self._now(), _signer_of(self._key), stamper)
            _by_itself(lambda: signer.sign_pdf(paper, output=out))
        except TimestampRequestError as error:
            raise TryAgain(_NO_STAMP.format(error)) from error
        except (PdfError, ValueError, KeyError) as error:
            raise Unusable(f"the paper cannot be signed: {type(error).__name__}") from error
        return out.getvalue()

    def check_stamps(self) -> None:
        """See `PaperSigner`."""
        if self._authority is not None:
            digest = hashlib.sha256(os.urandom(32)).digest()
            try:
                stamper = _Stamper(self._authority)
                _by_itself(lambda: asyncio.run(stamper.async_timestamp(digest, DIGEST)))
            except TimestampRequestError as error:
                raise TryAgain(_NO_STAMP.format(error)) from error


def _by_itself(deed: Callable[[], object]) -> None:
    """Does it in a thread of its own: the library runs an event loop, and a caller's thread may run one already."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(deed).result()


def _signer_of(key: SealKey) -> SimpleSigner:
    """A signer for one paper: what the library reads lazily bears no two threads at once."""
    issuers = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    issuers.register_multiple([_loaded(each) for each in key.issuers])
    private = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=_loaded(key.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=issuers,
    )


def _loaded(certificate: Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


class _SignerAt(PdfSigner):
    """Signs at the time of the clock that was passed in, with nothing to be seen on the pages."""

    def __init__(self, at: datetime, signer: SimpleSigner, stamper: TimeStamper | None) -> None:
        super().__init__(
            PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm=DIGEST,
                subfilter=SigSeedSubFilter.PADES,
                # Whoever changes the paper afterwards, even by a form or a note, breaks the seal.
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
                signer_key_usage=set(_USAGES),
                # The room for the stamp is slack enough; without one half as much again is left.
                tight_size_estimates=stamper is not None,
            ),
            signer,
            timestamper=stamper,
            new_field_spec=SigFieldSpec(
                FIELD,
                readable_field_name=FIELD_NAME,
                # PDF/UA wants what is not seen to be hidden, or it would have to be read out.
                invis_sig_settings=InvisSigSettings(set_print_flag=False, set_hidden_flag=True),
            ),
        )
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


class _Stamper(TimeStamper):
    """The authority as pyHanko asks it; what it answers is a stamp of this very signature, or nothing."""

    def __init__(self, authority: TimeStampAuthority) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority

    async def async_dummy_response(self, _algorithm: str) -> cms.ContentInfo:
        """As large as a stamp may be: nobody is asked to find out how much room it takes."""
        return cms.ContentInfo({"content_type": "data", "content": bytes(MOST_STAMP)})

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._authority.answer(req.dump()))

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            stamp = await super().async_timestamp(message_digest, md_algorithm)
            is_of_it = _is_stamp_of(stamp, message_digest)
            size = len(stamp.dump())
        except TryAgain:
            raise
        except Exception as error:
            # Of what an authority may answer the library foresees a part.
            raise TimestampRequestError(f"its answer is none: {type(error).__name__}") from error
        if not is_of_it:
            raise TimestampRequestError("the stamp is not of this signature, or not signed")
        if size > MOST_STAMP - _SLACK:
            raise TimestampRequestError(f"the stamp has {size} bytes")
        return stamp


def _is_stamp_of(stamp: cms.ContentInfo, digest: bytes) -> bool:
    """Whether it says a time of that digest, and is signed by the certificate in it; whom to trust is the reader's."""
    signed = stamp["content"]
    content = signed["encap_content_info"]["content"]
    signer = extract_signer_info(signed)
    found = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact, valid = validate_sig_integrity(signer, extract_certificate_info(signed).signer_cert, "tst_info", found)
    imprint: bytes = content.parsed["message_imprint"]["hashed_message"].native
    return intact and valid and imprint == digest
