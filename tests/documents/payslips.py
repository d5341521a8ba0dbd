"""Payslips as a payroll office prints them, as pages that are pictures."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from tests.documents.pictures import written

_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
LINES: Sequence[tuple[str, str]] = (
    ("基本工资", "8,000.00"),
    ("绩效工资", "1,234.56"),
    ("应发合计", "9,234.56"),
    ("养老保险", "738.76"),
    ("个人所得税", "95.80"),
    ("实发工资", "8,400.00"),
)
AMOUNTS = (("基本工资", 800_000), ("绩效工资", 123_456), ("应发合计", 923_456), ("养老保险", 73_876),
    ("个人所得税", 9_580), ("实发工资", 840_000))  # fmt: skip


def payslip(lines: Sequence[tuple[str, str]] = LINES) -> bytes:
    """A payslip of these lines as a JPEG, as a viewing page has it."""
    picture = Image.new("L", (1130, 1600), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(_FONT, 30)
    draw.text((380, 60), "某某科技有限公司工资单", font=font, fill=0)
    draw.text((100, 150), "姓名：张三", font=font, fill=0)
    draw.text((600, 150), "2026年10月", font=font, fill=0)
    for row, (label, amount) in enumerate(lines):
        draw.text((100, 250 + 70 * row), label, font=font, fill=0)
        draw.text((420, 250 + 70 * row), amount, font=font, fill=0)
    return written(picture, "JPEG")
