"""An empty, tagged signature field over the box that is printed for it.

The signing library would add an untagged field, and PDF/UA-1 (7.18.4) wants a visible one inside
a Form element of the structure tree. So the renderer prepares the field, and signing fills it.
"""

from typing import Any, Final

import pydyf

from apps.proof.signatures import FIELD

ANCHOR: Final = "signature-box"
LABEL: Final = "Signature of the issuer"
POINTS_PER_PIXEL: Final = 0.75
PRINTED_AND_LOCKED: Final = 132  # annotation flags 3 (print) and 8 (locked)


def add(document: Any, pdf: Any) -> None:
    """Put the field over the element with the id `signature-box`; refuse a page without one."""
    number, page, box = _find(document)
    page_reference = _text(pdf.page_references[number])
    widget = _widget(pdf, _rectangle(page, box), page_reference)
    pdf.add_object(widget)
    _object(pdf, page_reference).setdefault("Annots", pydyf.Array()).append(widget.reference)
    fields = pydyf.Array([widget.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": fields, "SigFlags": 1})
    _tag(pdf, widget, page_reference)


def _widget(pdf: Any, place: tuple[float, float, float, float], page_reference: str) -> Any:
    """Make the field itself, with an appearance that draws nothing."""
    left, bottom, right, top = place
    frame = pydyf.Array((0, 0, right - left, top - bottom))
    appearance = pydyf.Stream([], {"Type": "/XObject", "Subtype": "/Form", "BBox": frame})
    pdf.add_object(appearance)
    return pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(LABEL),
            "Contents": pydyf.String(LABEL),
            "F": PRINTED_AND_LOCKED,
            "P": page_reference,
            "Rect": pydyf.Array(place),
            "AP": pydyf.Dictionary({"N": appearance.reference}),
        }
    )


def _tag(pdf: Any, widget: Any, page_reference: str) -> None:
    """Enter the field into the structure tree, as the last element of the document."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    whole_reference = root["K"][0]
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    key = max(numbers[0::2]) + 1
    form = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": whole_reference,
            "Pg": page_reference,
            "Alt": pydyf.String(LABEL),
            "K": pydyf.Array(
                [pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page_reference})]
            ),
        }
    )
    pdf.add_object(form)
    _object(pdf, whole_reference)["K"].append(form.reference)
    widget["StructParent"] = key
    numbers.extend([key, form.reference])
    root["ParentTreeNextKey"] = key + 1


def _find(document: Any) -> tuple[int, Any, Any]:
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():  # noqa: SLF001 -- no public way to a box's place
            if box.element is not None and box.element.get("id") == ANCHOR:
                return number, page, box
    raise ValueError(f"a report has one element with the id {ANCHOR!r}; this page has none")


def _rectangle(page: Any, box: Any) -> tuple[float, float, float, float]:
    """Turn the box's border, in pixels from the top, into points from the bottom of the page."""
    left, top = box.border_box_x(), box.border_box_y()
    right, bottom = left + box.border_width(), top + box.border_height()
    corners = (left, page.height - bottom, right, page.height - top)
    x1, y1, x2, y2 = (round(corner * POINTS_PER_PIXEL, 3) for corner in corners)
    return x1, y1, x2, y2


def _object(pdf: Any, reference: Any) -> Any:
    return pdf.objects[int(_text(reference).split()[0])]


def _text(reference: Any) -> str:
    return reference.decode() if isinstance(reference, bytes) else str(reference)
