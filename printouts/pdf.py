"""Paper from templates: the only place that loads WeasyPrint."""

import gc
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

STYLES = Path(__file__).parent / "paper"
# Whole, unmodified files of static weights: weight ranges and files split by letters garble the text.
FACES = (
    ("PT Sans", "400", "normal", "fontpkg_pt_sans", "PT_Sans-Web-Regular.ttf"),
    ("PT Sans", "400", "italic", "fontpkg_pt_sans", "PT_Sans-Web-Italic.ttf"),
    ("PT Sans", "700", "normal", "fontpkg_pt_sans", "PT_Sans-Web-Bold.ttf"),
    ("PT Sans Narrow", "400", "normal", "fontpkg_pt_sans_narrow", "PT_Sans-Narrow-Web-Regular.ttf"),
    ("PT Sans Narrow", "700", "normal", "fontpkg_pt_sans_narrow", "PT_Sans-Narrow-Web-Bold.ttf"),
)
UA_1 = "pdf/ua-1"
PRINTED = 4  # the flag of an annotation that is there on paper too
# Blanks of the template's indents become boxes of text, each with a tag of its own: a tenth of the work.
_BLANKS = re.compile(
    r"\s*(</?(?:html|head|meta|title|body|div|p|h[1-6]|table|caption|thead|tbody|tr|t[dh]|br)\b[^>]*>)\s*"
)
_PSEUDO = re.compile(r"^::[a-z-]+ \{[^}]*\}$", re.MULTILINE)

# It tells of every step of every document.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

Context = Mapping[str, object]


class OutsideFile(Exception):
    """A template asks for something else than its fonts."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished file. `sheets` says how many pages each of the documents bound in it takes."""

    content: bytes
    sheets: tuple[int, ...]

    @property
    def pages(self) -> int:
        return sum(self.sheets)


def render(template: str, context: Context, *, style: str, variant: str | None = UA_1) -> Pdf:
    """Return one document as a PDF."""
    return bind(template, [context], style=style, variant=variant)


def bind(
    template: str,
    contexts: Iterable[Context],
    *,
    style: str,
    variant: str | None = UA_1,
    on_sheet: Callable[[int], None] = lambda done: None,
) -> Pdf:
    """Return many documents in one file; each counts its own pages («стр. 1 из 2»).

    The title and language are those of the first document. Calls `on_sheet` with the number of
    documents laid out so far; what it raises stops the work.
    """
    from weasyprint import CSS, HTML
    from weasyprint.html import UA
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    class Paper(HTML):  # type: ignore[misc]
        """A document without the styles of notes and bullets that each of its elements would get."""

        def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
            return browser

    fonts = FontConfiguration()
    fetcher = only({path.as_uri() for *_, path in font_files()})
    browser = [CSS(string=_PSEUDO.sub("", UA))]
    sheets = [
        CSS(string=font_css(), font_config=fonts, url_fetcher=fetcher),
        CSS(filename=STYLES / "base.css", font_config=fonts, url_fetcher=fetcher),
        CSS(filename=STYLES / style, font_config=fonts, url_fetcher=fetcher),
    ]
    documents: list[Any] = []
    with undisturbed():
        for done, context in enumerate(contexts, start=1):
            source = _BLANKS.sub(r"\1", render_to_string(template, dict(context)))
            html = Paper(string=source, url_fetcher=fetcher)
            try:
                laid_out = html.render(font_config=fonts, stylesheets=sheets, pdf_variant=variant)
            except FatalURLFetchingError as error:  # not an Exception: WeasyPrint would swallow one
                raise OutsideFile from error
            documents.append(laid_out)
            on_sheet(done)
        pages = [page for document in documents for page in document.pages]
        content = documents[0].copy(pages).write_pdf(pdf_variant=variant, finisher=slim)
    return Pdf(content=content, sheets=tuple(len(document.pages) for document in documents))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the collector rest: a million objects live until the end, and to look through them costs a tenth."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def font_files() -> list[tuple[str, str, str, Path]]:
    """Return family, weight, style and file of every face, where the packages were installed."""
    return [
        (family, weight, style, Path(str(resources.files(package) / "files" / name)))
        for family, weight, style, package, name in FACES
    ]


def font_css() -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style};'
        f' src: url("{path.as_uri()}"); }}'
        for family, weight, style, path in font_files()
    )


def only(addresses: set[str]) -> Any:
    """Return a fetcher that reads these files and stops the work at anything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url not in addresses:
                raise FatalURLFetchingError(url)
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols={"file"})


def slim(_document: Any, pdf: Any) -> None:
    """Hang marked text on its cell or paragraph itself: every line of text has an element of its own.

    Halves the file. Reading order, headers and alternative texts stay as they were.
    """
    elements = {
        bytes(thing.reference): thing for thing in pdf.objects if kind(thing) == "/StructElem"
    }
    heirs: dict[bytes, bytes] = {}
    # Children are made after their parents: from the last to the first a parent meets finished children.
    for reference, element in reversed(elements.items()):
        kids = []
        for kid in element["K"]:
            child: Any = elements.get(kid) if isinstance(kid, bytes) else None
            if child is not None and is_plain_text(child, element):
                kids += child["K"]
                heirs[kid] = reference
                # A free number, so that the table of references skips it.
                child.number, child.generation, child.free = 0, 65535, "f"
            else:
                kids.append(kid)
        element["K"][:] = kids
    for numbers in parent_trees(pdf):
        numbers[:] = [inherited(entry, heirs) for entry in numbers]
    for thing in pdf.objects:
        if kind(thing) == "/Annot":
            thing["F"] = PRINTED


def kind(thing: Any) -> str:
    """Return the type that a dictionary of the file names itself by."""
    return str(thing.get("Type", "")) if isinstance(thing, dict) else ""


def is_plain_text(element: Any, parent: Any) -> bool:
    """Whether an element only wraps marked text of its parent's page."""
    return (
        element["S"] in {"/Span", "/NonStruct"}
        and set(element) == {"Type", "S", "K", "Pg", "P"}
        and element["Pg"] == parent.get("Pg")
        and all(isinstance(kid, int) for kid in element["K"])
    )


def inherited(reference: bytes, heirs: Mapping[bytes, bytes]) -> bytes:
    while reference in heirs:
        reference = heirs[reference]
    return reference


def parent_trees(pdf: Any) -> list[Any]:
    """Return the lists that lead from a page's marked text to its elements."""
    mappings = [thing for thing in pdf.objects if isinstance(thing, dict) and "Nums" in thing]
    return [entry for thing in mappings for entry in thing["Nums"] if isinstance(entry, list)]
