"""PDFs that do something, each action in each place that can carry one; all show the same page."""

from collections.abc import Callable, Iterator
from functools import partial

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Pdf, String

from hub.domain.active_content import ActiveContent
from tests.documents.files.pdf_making import Object, annotation, field, form, one_page, shown_as, written
from tests.documents.files.sample import MARK, Sample

SCRIPT = f"app.alert('{MARK}'); this.submitForm('https://example.org/{MARK}')"


def _file(document: Pdf) -> Object:
    return Dictionary(Type=Name.Filespec, F=String(f"{MARK}.exe"), UF=String(f"{MARK}.exe"))


def _medium(document: Pdf) -> Object:
    clip = Dictionary(Type=Name.MediaClip, S=Name.MCD, CT=String("video/mp4"), D=_file(document))
    return Dictionary(Type=Name.Rendition, S=Name.MR, N=String(MARK), C=clip)


def _sound(document: Pdf) -> Object:
    return document.make_stream(MARK.encode(), Dictionary(Type=Name.Sound, R=8000))


Make = Callable[[Pdf], Object]
ACTIONS: dict[str, tuple[ActiveContent, Make]] = {
    "JavaScript": (ActiveContent.SCRIPT, lambda _: Dictionary(S=Name.JavaScript, JS=String(SCRIPT))),
    "JavaScript in a stream": (
        ActiveContent.SCRIPT,
        lambda document: Dictionary(S=Name.JavaScript, JS=document.make_stream(SCRIPT.encode())),
    ),
    "Launch": (ActiveContent.ACTION, lambda document: Dictionary(S=Name.Launch, F=_file(document))),
    "Launch on Windows": (
        ActiveContent.ACTION,
        lambda _: Dictionary(S=Name.Launch, Win=Dictionary(F=String("cmd.exe"), P=String(f"/c {MARK}"))),
    ),
    "URI": (ActiveContent.LINK, lambda _: Dictionary(S=Name.URI, URI=String(f"https://example.org/{MARK}"))),
    "URI of a script": (
        ActiveContent.LINK,
        lambda _: Dictionary(S=Name.URI, URI=String(f"javascript:alert('{MARK}')")),
    ),
    "GoTo": (ActiveContent.LINK, lambda _: Dictionary(S=Name.GoTo, D=String(MARK))),
    "GoToR": (ActiveContent.LINK, lambda document: Dictionary(S=Name.GoToR, F=_file(document), D=Array([0, Name.Fit]))),
    "GoToE": (
        ActiveContent.ACTION,
        lambda _: Dictionary(S=Name.GoToE, D=String("x"), T=Dictionary(R=Name.C, N=String(MARK))),
    ),
    "SubmitForm": (
        ActiveContent.ACTION,
        lambda _: Dictionary(
            S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String(f"https://example.org/{MARK}")), Flags=4
        ),
    ),
    "ImportData": (ActiveContent.ACTION, lambda document: Dictionary(S=Name.ImportData, F=_file(document))),
    "ResetForm": (ActiveContent.ACTION, lambda _: Dictionary(S=Name.ResetForm, Fields=Array([String(MARK)]))),
    "Named": (ActiveContent.ACTION, lambda _: Dictionary(S=Name.Named, N=Name("/Print"), X=String(MARK))),
    "Hide": (ActiveContent.ACTION, lambda _: Dictionary(S=Name.Hide, T=String(MARK))),
    "SetOCGState": (ActiveContent.ACTION, lambda _: Dictionary(S=Name.SetOCGState, State=Array(), X=String(MARK))),
    "Rendition": (
        ActiveContent.RICH_MEDIA,
        lambda document: Dictionary(S=Name.Rendition, OP=0, R=_medium(document), JS=String(SCRIPT)),
    ),
    "Movie": (ActiveContent.RICH_MEDIA, lambda _: Dictionary(S=Name.Movie, T=String(MARK))),
    "Sound": (ActiveContent.RICH_MEDIA, lambda document: Dictionary(S=Name.Sound, Sound=_sound(document))),
    "RichMediaExecute": (
        ActiveContent.RICH_MEDIA,
        lambda _: Dictionary(S=Name.RichMediaExecute, CMD=Dictionary(C=String(MARK))),
    ),
    "GoTo3DView": (ActiveContent.RICH_MEDIA, lambda _: Dictionary(S=Name("/GoTo3DView"), V=String(MARK))),
    "Thread": (ActiveContent.ACTION, lambda _: Dictionary(S=Name.Thread, D=String(MARK))),
    "Trans": (
        ActiveContent.ACTION,
        lambda _: Dictionary(S=Name.Trans, Trans=Dictionary(S=Name.Dissolve, X=String(MARK))),
    ),
    "an action of tomorrow": (ActiveContent.ACTION, lambda _: Dictionary(S=Name("/Teleport"), To=String(MARK))),
}


def _on_opening(document: Pdf, page: Object, action: Object) -> None:
    document.Root.OpenAction = action


def _on_closing(document: Pdf, page: Object, action: Object) -> None:
    document.Root.AA = Dictionary(WC=action, WS=action, DS=action, WP=action, DP=action)


def _on_the_page(document: Pdf, page: Object, action: Object) -> None:
    page.AA = Dictionary(O=action, C=action)


def _on_a_link(document: Pdf, page: Object, action: Object) -> None:
    annotation(document, page, "Link", A=action, Border=Array([0, 0, 0]))


def _on_a_note(document: Pdf, page: Object, action: Object) -> None:
    annotation(document, page, "Stamp", AA=Dictionary(E=action, D=action, PV=action), F=2)


def _on_a_screen(document: Pdf, page: Object, action: Object) -> None:
    annotation(document, page, "Screen", A=action, AA=Dictionary(PO=action), MK=Dictionary(CA=String(MARK)), F=2)


def _on_a_field(document: Pdf, page: Object, action: Object) -> None:
    field(document, page, AA=Dictionary(K=action, F=action, V=action, C=action), A=action)


def _on_an_outline(document: Pdf, page: Object, action: Object) -> None:
    entry = document.make_indirect(Dictionary(Title=String(MARK), A=action))
    document.Root.Outlines = document.make_indirect(Dictionary(Type=Name.Outlines, First=entry, Last=entry, Count=1))
    entry.Parent = document.Root.Outlines


def _by_name(document: Pdf, page: Object, action: Object) -> None:
    tree = NameTree.new(document)
    tree[MARK] = action
    document.Root.Names = Dictionary(JavaScript=tree.obj)


def _behind_others(document: Pdf, page: Object, action: Object) -> None:
    chained = action
    for _ in range(40):
        chained = document.make_indirect(Dictionary(S=Name.Named, N=Name("/NextPage"), Next=Array([chained])))
    document.Root.OpenAction = chained


def _in_a_circle(document: Pdf, page: Object, action: Object) -> None:
    held = document.make_indirect(action)
    held.Next = Array([held, Dictionary(S=Name.Named, N=Name("/NextPage"), Next=held)])
    document.Root.OpenAction = held


def _on_a_requirement(document: Pdf, page: Object, action: Object) -> None:
    handler = Dictionary(Type=Name.ReqHandler, S=Name.JS, Script=String(MARK))
    document.Root.Requirements = Array([Dictionary(Type=Name.Requirement, S=Name.EnableJavaScripts, RH=handler)])
    document.Root.OpenAction = action


Carry = Callable[[Pdf, Object, Object], None]
CARRIERS: dict[str, Carry] = {
    "opening": _on_opening,
    "closing": _on_closing,
    "page": _on_the_page,
    "link": _on_a_link,
    "note": _on_a_note,
    "screen": _on_a_screen,
    "field": _on_a_field,
    "outline": _on_an_outline,
    "name": _by_name,
    "chain": _behind_others,
    "circle": _in_a_circle,
    "requirement": _on_a_requirement,
}
# Every action in the places that act by themselves or at a press, and the two worst in all others.
_EVERYWHERE = ("JavaScript", "Launch")
_FOR_EVERY_ACTION = ("opening", "link", "field")


def carried(action: str, carrier: str) -> bytes:
    """A page, and that action in that place."""
    with one_page() as (document, page):
        CARRIERS[carrier](document, page, ACTIONS[action][1](document))
        return written(document)


def samples() -> Iterator[Sample]:
    """Every action, in enough places."""
    for carrier in CARRIERS:
        for action in ACTIONS:
            if carrier in _FOR_EVERY_ACTION or action in _EVERYWHERE:
                yield Sample(name=f"{action} at {carrier}.pdf", make=partial(carried, action, carrier))
    yield from (Sample(name=f"{name}.pdf", make=make) for name, make in OTHERS.items())


def _escaped() -> bytes:
    with one_page() as (document, _):
        document.Root.OpenAction = document.make_indirect(Dictionary(S=Name.JavaScript, JS=String(SCRIPT)))
        data = written(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return (
        data.replace(b"/JavaScript", b"/Java#53cript")
        .replace(b"/JS", b"/J#53")
        .replace(b"/OpenAction", b"/Open#41ction")
    )


def _packed() -> bytes:
    with one_page() as (document, page):
        for action in ("JavaScript", "Launch"):
            CARRIERS["page"](document, page, document.make_indirect(ACTIONS[action][1](document)))
        return written(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _in_hexadecimal() -> bytes:
    with one_page() as (document, _):
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(SCRIPT))
        data = written(document)
    return data.replace(f"({SCRIPT})".encode(), b"<" + SCRIPT.encode().hex().encode() + b">")


def _under_a_form() -> bytes:
    with one_page("/X Do") as (document, page):
        held = form(document, "BT /F1 36 Tf 10 10 Td (PAYSLIP) Tj ET", (0, 0, 400, 60))
        held.AA = Dictionary(O=ACTIONS["JavaScript"][1](document))
        held.PieceInfo = Dictionary(App=Dictionary(Private=String(MARK)))
        held.OPI = Dictionary(String=String(MARK))
        page.Resources.XObject = Dictionary(X=held)
        return written(document)


def _from_a_later_version() -> bytes:
    """An action in the first version of a file, another in the one that was added behind it."""
    with one_page() as (document, _):
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(SCRIPT))
        data = written(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = data.rindex(b"startxref") + 10
    first = int(data[start : data.index(b"\n", start)])
    number = int(data[data.index(b"/Root ") + 6 :].split()[0])
    pages = data[data.index(b"/Pages ") + 7 :].split()[0]
    added = b"%d 0 obj\n<< /Type /Catalog /Pages %s 0 R /AA << /WC << /S /Launch /F (%s) >> >> >>\nendobj\n" % (
        number, pages, MARK.encode(),
    )  # fmt: skip
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 99 /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        number, len(data), number, first, len(data) + len(added),
    )  # fmt: skip
    return data + added + table


def _hidden_widget() -> bytes:
    with one_page() as (document, page):
        field(document, page, "Btn", AP=shown_as(document, MARK), F=2, A=ACTIONS["Launch"][1](document))
        return written(document)


OTHERS: dict[str, Callable[[], bytes]] = {
    "names with escapes": _escaped,
    "a script in packed objects": _packed,
    "a script in hexadecimal": _in_hexadecimal,
    "an action under a form": _under_a_form,
    "a later version": _from_a_later_version,
    "a hidden button": _hidden_widget,
}
