"""The name of a file in every spelling that clients have for it, in a form and with the file as the body."""

import pytest

from hub.web.file_names import name_in, text_of
from tests.applications import pdf
from tests.web.caller import Caller, made

PAYSLIP = "工资单.pdf"
SPELLINGS = {
    "plain UTF-8": f'filename="{PAYSLIP}"'.encode(),
    "GBK": b'filename="' + PAYSLIP.encode("gbk") + b'"',
    "GBK with a stroke in a character": b'filename="' + "誠信.pdf".encode("gbk") + b'"',
    "extended": b"filename*=UTF-8''%E5%B7%A5%E8%B5%84%E5%8D%95.pdf",
    "extended in small letters": b"filename*=utf-8''%e5%b7%a5%e8%b5%84%e5%8d%95.pdf",
    "extended in quotes": b"filename*=\"UTF-8''%E5%B7%A5%E8%B5%84%E5%8D%95.pdf\"",
    "extended with a language": b"filename*=UTF-8'zh-CN'%E5%B7%A5%E8%B5%84%E5%8D%95.pdf",
    "extended in GBK": b"filename*=GBK''%B9%A4%D7%CA%B5%A5.pdf",
    "extended beside a plain one": b"filename=\"x.pdf\"; filename*=UTF-8''%E5%B7%A5%E8%B5%84%E5%8D%95.pdf",
    "encoded word": b'filename="=?UTF-8?B?5bel6LWE5Y2VLnBkZg==?="',
    "encoded word in GB2312": b'filename="=?gb2312?B?uaTXyrWlLnBkZg==?="',
    "quoted-printable word": b'filename="=?utf-8?Q?=E5=B7=A5=E8=B5=84=E5=8D=95.pdf?="',
    "percents": b'filename="%E5%B7%A5%E8%B5%84%E5%8D%95.pdf"',
    "references": b'filename="&#24037;&#36164;&#21333;.pdf"',
    "a Windows path": f'filename="C:\\Users\\小明\\{PAYSLIP}"'.encode(),
    "a Windows path in GBK": 'filename="C:\\桌面\\工资单.pdf"'.encode("gbk"),
    "without quotes": f"filename={PAYSLIP}".encode(),
    "between direction marks": f'filename="\u202a{PAYSLIP}\u202c"'.encode(),
}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: a name is stored sealed, as any text."""
    return sqlite_database


@pytest.mark.parametrize("written", SPELLINGS.values(), ids=list(SPELLINGS))
def test_the_name_that_is_meant_is_read(host_app: Caller, written: bytes) -> None:
    called = "誠信.pdf" if "誠信".encode("gbk") in written else PAYSLIP
    body = b"\r\n".join(
        [
            b"--part", b'Content-Disposition: form-data; name="kind"', b"", b"payslip",
            b"--part", b'Content-Disposition: form-data; name="file"; ' + written,
            b"Content-Type: application/pdf", b"", pdf(), b"--part--", b"",
        ]
    )  # fmt: skip
    by_form = host_app.post("/evidence", data=body, content_type="multipart/form-data; boundary=part")
    assert made(by_form)["file_name"] == called
    by_body = host_app.post(
        "/evidence",
        query_string={"kind": "payslip"},
        data=pdf(),
        content_type="application/pdf",
        environ_overrides={"HTTP_CONTENT_DISPOSITION": (b"attachment; " + written).decode("latin-1")},
    )
    assert made(by_body)["file_name"] == called


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('attachment; filename="100%25 sure.pdf"', "100%25 sure.pdf"),
        ('attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'),
        ('attachment; filename="=?no-such?B?AA==?="', "=?no-such?B?AA==?="),
        ("attachment; filename*=no-such''a.pdf", "a.pdf"),
        ("attachment", None),
        ("", None),
        ('form-data; name="file"; filename=""', ""),
    ],
)
def test_what_only_looks_like_another_spelling_stays(written: str, name: str | None) -> None:
    assert name_in(written) == name


def test_bytes_of_no_encoding_are_read_one_by_one() -> None:
    assert text_of(b"\xff\xff") == "ÿÿ"


def test_a_file_that_was_sent_without_a_name_is_asked_for_its_name(host_app: Caller) -> None:
    body = b"\r\n".join(
        [
            b"--part", b'Content-Disposition: form-data; name="kind"', b"", b"payslip",
            b"--part", b'Content-Disposition: form-data; name="file"', b"", b"%PDF-1.7", b"--part--", b"",
        ]
    )  # fmt: skip
    answer = host_app.post("/evidence", data=body, content_type="multipart/form-data; boundary=part")
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [("/file_name", "required")]


def test_a_form_that_cannot_be_read_is_called_so(host_app: Caller) -> None:
    answer = host_app.post("/evidence", data=b"--part\r\nnothing", content_type="multipart/form-data; boundary=part")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "form_syntax")
