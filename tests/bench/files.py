"""Evidence as people send it: two photographs and a scan, valid, and other bytes each time."""

import io
from dataclasses import dataclass

import pikepdf
from PIL import Image

_SIZES = (300_000, 800_000, 2_000_000)
_MARK = b"0" * 32


def _photograph(size: int) -> bytes:
    """A grey, grainy picture of about `size` bytes with a comment that holds the mark."""
    side = int((size * 8 / 2.55) ** 0.5)
    out = io.BytesIO()
    Image.effect_noise((side, side), 20).convert("RGB").save(out, "JPEG", quality=75, comment=_MARK)
    return out.getvalue()


def _scan(size: int) -> bytes:
    """Four pages, each one picture, with a subject that holds the mark."""
    made = pikepdf.new()
    for _ in range(4):
        content = _photograph(size // 4)
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
        image = made.make_stream(
            content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
            ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        page = made.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(scan=image))
        page.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /scan Do Q")
    made.docinfo["/Subject"] = _MARK.decode()
    out = io.BytesIO()
    made.save(out, static_id=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file to send."""

    name: str
    media_type: str
    kind: str
    content: bytes

    def numbered(self, number: int) -> bytes:
        """The same file with other bytes, as valid as before."""
        return self.content.replace(_MARK, f"{number:032d}".encode(), 1)


def three_files() -> tuple[Evidence, ...]:
    """About 0.3, 0.8 and 2 MB."""
    small, middle, large = _SIZES
    return (
        Evidence(name="payslip.jpg", media_type="image/jpeg", kind="payslip", content=_photograph(small)),
        Evidence(name="diagnosis.jpg", media_type="image/jpeg", kind="diagnosis", content=_photograph(middle)),
        Evidence(name="statement.pdf", media_type="application/pdf", kind="bank_statement", content=_scan(large)),
    )
