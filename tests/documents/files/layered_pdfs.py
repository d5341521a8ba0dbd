"""PDFs whose layers hide something: what is seen on opening stays, and nothing else can come back."""

from collections.abc import Callable, Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String

from hub.domain.active_content import ActiveContent
from tests.documents.files.pdf_making import Object, annotation, form, one_page, shown_as, written
from tests.documents.files.sample import MARK, Sample

_HIDDEN = f"/OC /L BDC BT /F1 36 Tf 60 600 Td ({MARK}) Tj ET 60 300 200 200 re f EMC "
_SEEN = "BT /F1 36 Tf 60 700 Td (PAYSLIP 6200.00) Tj ET "
_SHOWN = "/OC /L BDC BT /F1 36 Tf 60 600 Td (SHOWN) Tj ET EMC "


def _layered(contents: str, arrange: Callable[[Pdf, Object, Object], Any], **config: Any) -> bytes:
    """A page with a group L, of which the configuration says whether it is seen."""
    with one_page(contents) as (document, page):
        group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String(MARK)))
        page.Resources.Properties = Dictionary(L=group)
        default = Dictionary(Order=Array([group]), **config)
        document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=default)
        arrange(document, page, group)
        return written(document)


def _off(document: Pdf, page: Object, group: Object) -> None:
    document.Root.OCProperties.D.OFF = Array([group])


def _on(document: Pdf, page: Object, group: Object) -> None:
    document.Root.OCProperties.D.ON = Array([group])


def _by_use(view: str, printing: str) -> Callable[[Pdf, Object, Object], None]:
    def arrange(document: Pdf, page: Object, group: Object) -> None:
        group.Usage = Dictionary(
            View=Dictionary(ViewState=Name(f"/{view}")), Print=Dictionary(PrintState=Name(f"/{printing}"))
        )
        document.Root.OCProperties.D.AS = Array(
            [
                Dictionary(Event=Name.View, OCGs=Array([group]), Category=Array([Name.View])),
                Dictionary(Event=Name.Print, OCGs=Array([group]), Category=Array([Name.Print])),
            ]
        )

    return arrange


def _member(policy: str, *, inverse: bool) -> Callable[[Pdf, Object, Object], None]:
    def arrange(document: Pdf, page: Object, group: Object) -> None:
        if not inverse:
            _off(document, page, group)
        membership = Dictionary(Type=Name.OCMD, OCGs=Array([group]), P=Name(f"/{policy}"))
        page.Resources.Properties.L = document.make_indirect(membership)

    return arrange


def _expression(document: Pdf, page: Object, group: Object) -> None:
    expression = Array([Name.Not, Array([Name.Or, group, group])])
    page.Resources.Properties.L = document.make_indirect(Dictionary(Type=Name.OCMD, VE=expression))


def _form(document: Pdf, page: Object, group: Object) -> None:
    _off(document, page, group)
    page.Resources.XObject = Dictionary(
        X=form(document, f"BT /F1 36 Tf 9 9 Td ({MARK}) Tj ET", (0, 0, 400, 90), OC=group),
        Y=form(document, _HIDDEN + "BT /F1 20 Tf 9 9 Td (BELOW) Tj ET", (0, 0, 400, 900)),
    )
    page.Resources.XObject.Y.Resources.Properties = Dictionary(L=group)


def _stamp(document: Pdf, page: Object, group: Object) -> None:
    _off(document, page, group)
    annotation(document, page, "Stamp", AP=shown_as(document, MARK), OC=group)


def _set_meanwhile(document: Pdf, page: Object, group: Object) -> None:
    """Hidden content that sets where what is seen stands."""
    _off(document, page, group)


def _print_difference(document: Pdf, page: Object, group: Object) -> None:
    _by_use("OFF", "ON")(document, page, group)


_HIDING: dict[str, tuple[str, Callable[[Pdf, Object, Object], None], dict[str, Any]]] = {
    "off": (_SEEN + _HIDDEN, _off, {}),
    "all off": (_SEEN + _HIDDEN, lambda *_: None, {"BaseState": Name.OFF}),
    "only printed": (_SEEN + _HIDDEN, _by_use("OFF", "ON"), {}),
    "only printed within": (_SEEN + "/Span BMC " + _HIDDEN + "EMC", _print_difference, {}),
    "hidden all on": (_SEEN + _HIDDEN, _member("AllOn", inverse=False), {}),
    "hidden all off": (_SEEN + _HIDDEN, _member("AllOff", inverse=True), {}),
    "hidden any off": (_SEEN + _HIDDEN, _member("AnyOff", inverse=True), {}),
    "hidden by an expression": (_SEEN + _HIDDEN, _expression, {}),
    "hidden form": (_SEEN + "/X Do /Y Do", _form, {}),
    "hidden stamp": (_SEEN, _stamp, {}),
    "hidden in a hidden one": (_SEEN + "/OC /L BDC " + _HIDDEN + _HIDDEN + "EMC " + _SEEN, _off, {}),
    "hidden that sets": (f"/OC /L BDC 1 0 0 1 40 -90 cm 1 0 0 rg ({MARK}) Tj EMC " + _SEEN, _set_meanwhile, {}),
}
_SHOWING: dict[str, tuple[str, Callable[[Pdf, Object, Object], None], dict[str, Any]]] = {
    "on": (_SEEN + _SHOWN, _on, {"BaseState": Name.OFF}),
    "only seen": (_SEEN + _SHOWN, _by_use("ON", "OFF"), {}),
    "any on": (_SEEN + _SHOWN, _member("AnyOn", inverse=True), {}),
    "never closed": (_SEEN + _SHOWN.replace("EMC", ""), _on, {}),
}


def samples() -> Iterator[Sample]:
    """Each is taken, flat."""
    for name, (contents, arrange, config) in (_HIDING | _SHOWING).items():

        def make(contents: str = contents, arrange: Any = arrange, config: Any = config) -> bytes:
            return _layered(contents, arrange, **config)

        # Of annotations PDFium does not ask whether their layer is seen.
        looks = name != "hidden stamp"
        yield Sample(name=f"layer {name}.pdf", make=make, removed=frozenset({ActiveContent.LAYER}), looks=looks)
