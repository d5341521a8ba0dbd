"""Searching what a bank gets: every object and every byte of it, with more than one library."""

import io
import subprocess
import tempfile
from collections.abc import Iterator
from shutil import which
from typing import Any, Final

import pikepdf
import pypdf
import pypdfium2
from PIL import Image, ImageChops

from tests.documents.files.sample import MARK

# Keys of ISO 32000-2 that do something, attach something, hide something or tell of somebody.
_KEYS: Final = frozenset(
    {
        *("/OpenAction", "/AA", "/A", "/JS", "/JavaScript", "/Next", "/URI", "/AcroForm", "/XFA", "/Fields"),
        *("/Annots", "/Names", "/EmbeddedFiles", "/EF", "/AF", "/Collection", "/FS", "/Assets", "/RichMediaContent"),
        *("/3DD", "/Movie", "/Sound", "/OCProperties", "/OC", "/OCGs", "/Properties", "/Metadata", "/Info"),
        *("/PieceInfo", "/LastModified", "/Thumb", "/Outlines", "/Dests", "/Threads", "/B", "/SpiderInfo"),
        *("/StructTreeRoot", "/MarkInfo", "/PageLabels", "/Perms", "/Legal", "/DSS", "/Extensions", "/Requirements"),
        *("/OutputIntents", "/Ref", "/OPI", "/Alternates", "/PS", "/Level1", "/ByteRange", "/Encrypt", "/F"),
        *("/FFilter", "/PresSteps", "/Trans", "/VP", "/Win", "/ActualText", "/HT", "/OP", "/op", "/OPM", "/BG"),
        *("/UCR", "/Lang"),
    }
)  # fmt: skip
# Whose decoders have often been a way into a reader.
_RISKY: Final = frozenset({"/JBIG2Decode", "/JPXDecode"})
_CATALOG: Final = {"/Type", "/Pages"}
_MARKS: Final = (MARK.encode(), MARK.encode("utf-16-be"), MARK.encode("utf-16-le"), MARK.encode().hex().encode())
# How far off a few pixels may be that are blended with their neighbours; a stamp that is missing is far over it.
_NEAR: Final = 20


def faults_of_pdf(content: bytes) -> list[str]:
    """What should not be in the file that a bank gets."""
    faults = [f"the mark is in its bytes as {mark!r}" for mark in _MARKS if mark in content]
    with pikepdf.open(io.BytesIO(content)) as document:
        faults += [f"the catalog has {key}" for key in set(document.Root.keys()) - _CATALOG]
        faults += [f"the trailer has {key}" for key in set(document.trailer.keys()) & {"/Info", "/Encrypt"}]
        for each in document.objects:
            for keys in _dictionaries(each):
                faults += [f"{each.objgen} has {key}" for key in _KEYS & keys]
            if isinstance(each, pikepdf.Stream) and "/Filter" in each and _codings(each) & _RISKY:
                faults.append(f"{each.objgen} is coded as {_codings(each)}")
            written = each.unparse() + b"".join(_all_of(each))
            faults += [f"the mark is in {each.objgen}" for mark in _MARKS if mark in written]
        warnings = document.get_warnings()
        faults += [f"qpdf warns: {warning}" for warning in warnings]
    return faults + _faults_by_others(content)


def _dictionaries(value: Any) -> Iterator[set[str]]:
    """The keys of every dictionary that the object holds itself."""
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        entries = dict(value.items())
        # In these the keys are anybody's names: letters of a font.
        yield set(entries)
        parts = [part for key, part in entries.items() if key != "/CharProcs"]
    elif isinstance(value, pikepdf.Array):
        parts = list(value)
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _dictionaries(part)


def _codings(stream: Any) -> set[str]:
    given = stream.Filter
    return {str(each) for each in given} if isinstance(given, pikepdf.Array) else {str(given)}


def _all_of(each: Any) -> Iterator[bytes]:
    """A stream's bytes as they lie there, and unpacked as far as they can be."""
    if not isinstance(each, pikepdf.Stream):
        return
    raw = each.read_raw_bytes()
    yield raw
    try:
        yield each.read_bytes()
    except (pikepdf.DataDecodingError, pikepdf.PdfError):
        yield raw


def _faults_by_others(content: bytes) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    faults = []
    if reader.metadata or reader.xmp_metadata or reader.attachments or reader.outline or reader.get_fields():
        faults.append("pypdf finds something beside the pages")
    text = "".join(page.extract_text() for page in reader.pages[:3])
    if MARK in text:
        faults.append("the mark can be read on a page")
    if any(page.annotations for page in reader.pages[:3]):
        faults.append("pypdf finds an annotation")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        told = [
            _told(*command, file.name) for command in (("pdfdetach", "-list"), ("pdfinfo", "-js"), ("pdfinfo", "-meta"))
        ]
    return faults + [f"poppler says {each!r}" for each in told if each not in {b"", b"0 embedded files"}]


def _told(program: str, option: str, file: str) -> bytes:
    """What a tool of poppler says of the file; nothing where there is no such tool."""
    if which(program) is None:
        return b""
    return subprocess.run([program, option, file], capture_output=True, check=False).stdout.strip()


def faults_of_picture(content: bytes) -> list[str]:
    """What should not be in the picture that a bank gets."""
    faults = [f"the mark is in its bytes as {mark!r}" for mark in _MARKS if mark in content]
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        if picture.getexif() or getattr(picture, "n_frames", 1) > 1:
            faults.append("there is something beside the picture")
        allowed = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "transparency", "dpi"}
        faults += [f"it tells of {key}" for key in picture.info.keys() - allowed]
    return faults


def difference(sent: bytes, copy: bytes) -> float:
    """How far the first pages look from each other, 0 to 255, in the worst place of about a hundredth of a page."""
    worst = 0.0
    with pypdfium2.PdfDocument(sent) as one, pypdfium2.PdfDocument(copy) as other:
        assert len(one) == len(other)
        one.init_forms()
        for number in range(min(len(one), 3)):
            worst = max(worst, difference_of_pictures(_drawn(one[number]), _drawn(other[number])))
    return worst


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    scale = min(1.0, 1000 / max(page.get_size()))
    picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return picture


def difference_of_pictures(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures of the same size are from each other in the worst place; 255 where the sizes differ."""
    if one.size != other.size:
        return 255.0
    few = (max(1, min(80, one.width // 8)), max(1, min(80, one.height // 8)))
    small = [each.convert("RGB").resize(few, Image.Resampling.BOX) for each in (one, other)]
    extrema = ImageChops.difference(*small).getextrema()
    return max(float(high) for _, high in extrema)  # type: ignore[misc]


NEAR: Final = _NEAR
