"""What the annotations of a PDF's page show on a screen, as contents of the page (ISO 32000-2, 12.5.5)."""

from typing import Any, Final

from pikepdf import Array, Dictionary, Matrix, Name, Stream

from hub.documents.pdf import fields
from hub.documents.pdf.copying import Copying, numbers_of
from hub.documents.pdf.resources import Scope, copied_form

_HIDDEN, _NOT_ON_SCREENS = 2, 32
# What a reader opens over the page, and where it leads from it.
_NEVER_SHOWN: Final = frozenset({"/Popup", "/Link"})
_MOST: Final = 5000
_BOX: Final = numbers_of(4)
_MATRIX: Final = numbers_of(6)


def flattened(copying: Copying, page: Any, scope: Scope) -> bytes:
    """Contents that show what the annotations of the page do; what they use is in `scope`."""
    annotations = page.get("/Annots")
    if not isinstance(annotations, Array):
        return b""
    given = [each for each in list(annotations)[:_MOST] if isinstance(each, Dictionary)]
    # Fields lie over everything else, as readers draw them.
    given.sort(key=lambda each: each.get("/Subtype") == "/Widget")
    return b"\n".join(_flattened(copying, each, scope) for each in given)


def _flattened(copying: Copying, annotation: Any, scope: Scope) -> bytes:
    flags = annotation.get("/F", 0)
    if isinstance(flags, int) and flags & (_HIDDEN | _NOT_ON_SCREENS):
        return b""
    if annotation.get("/Subtype") in _NEVER_SHOWN or not copying.layers.shows(annotation.get("/OC")):
        return b""
    appearance = _appearance(annotation)
    if fields.has_to_be_drawn(copying, annotation, appearance):
        return _drawn(copying, annotation, scope)
    place = _placed(copying, annotation, appearance) if appearance is not None else None
    if place is None or appearance is None or not copying.layers.shows(appearance.get("/OC")):
        return b""
    form = copied_form(copying, appearance, Scope(copying, None))
    if form is None:
        return b""
    form.Subtype = Name.Form
    name = scope.added("/XObject", form)
    return b"" if name is None else b"q %s cm %s Do Q" % (place, name)


def _drawn(copying: Copying, annotation: Any, scope: Scope) -> bytes:
    sides = _sides(copying, annotation.get("/Rect"))
    name = None if sides is None else scope.added("/XObject", fields.drawn(copying, annotation, sides))
    if sides is None or name is None:
        return b""
    place = (sides[2] - sides[0], 0, 0, sides[3] - sides[1], sides[0], sides[1])
    return b"q 0 g %s cm %s Do Q" % (b" ".join(b"%.6f" % each for each in place), name)


def _appearance(annotation: Any) -> Any:
    """The normal appearance, in the state that the annotation is in; None where it has none."""
    looks = annotation.get("/AP")
    normal = looks.get("/N") if isinstance(looks, Dictionary) else None
    if isinstance(normal, Dictionary):
        state = annotation.get("/AS")
        normal = normal.get(state) if isinstance(state, Name) else None
    return normal if isinstance(normal, Stream) else None


def _placed(copying: Copying, annotation: Any, appearance: Any) -> bytes | None:
    """The matrix that puts the appearance's box, turned as it says, into the annotation's rectangle."""
    rectangle, box = _sides(copying, annotation.get("/Rect")), _sides(copying, appearance.get("/BBox"))
    if rectangle is None or box is None:
        return None
    turn = _MATRIX(copying, appearance.get("/Matrix"))
    matrix = Matrix() if turn is None else Matrix(*map(float, turn))
    corners = [matrix.transform((x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    if right == left or top == bottom:
        return None
    wide, high = (rectangle[2] - rectangle[0]) / (right - left), (rectangle[3] - rectangle[1]) / (top - bottom)
    moved = (wide, 0, 0, high, rectangle[0] - left * wide, rectangle[1] - bottom * high)
    return b" ".join(b"%.6f" % each for each in moved)


def _sides(copying: Copying, given: Any) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top of a rectangle, whichever corners it names."""
    kept = _BOX(copying, given)
    if kept is None:
        return None
    one, two, three, four = map(float, kept)
    return min(one, three), min(two, four), max(one, three), max(two, four)
