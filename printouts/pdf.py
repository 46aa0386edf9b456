"""Paper from templates: the only place that loads WeasyPrint."""

from collections.abc import Callable, Iterable, Mapping
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
UA = "pdf/ua-1"

Context = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished file. `sheets` says how many pages each of the documents bound in it takes."""

    content: bytes
    sheets: tuple[int, ...]

    @property
    def pages(self) -> int:
        return sum(self.sheets)


def render(template: str, context: Context, *, style: str, variant: str = UA) -> Pdf:
    """Return one document as a PDF."""
    return bind(template, [context], style=style, variant=variant)


def bind(
    template: str,
    contexts: Iterable[Context],
    *,
    style: str,
    variant: str = UA,
    on_sheet: Callable[[int], None] = lambda done: None,
) -> Pdf:
    """Return many documents in one file; each counts its own pages («стр. 1 из 2»).

    The title and language are those of the first document. Calls `on_sheet` with the number of
    documents laid out so far; what it raises stops the work.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    faces = {path.as_uri() for *_, path in font_files()}
    fetcher = only(faces)
    sheets = [
        CSS(string=font_css(), font_config=fonts, url_fetcher=fetcher),
        CSS(filename=STYLES / "base.css", font_config=fonts, url_fetcher=fetcher),
        CSS(filename=STYLES / style, font_config=fonts, url_fetcher=fetcher),
    ]
    documents: list[Any] = []
    for done, context in enumerate(contexts, start=1):
        html = HTML(string=render_to_string(template, dict(context)), url_fetcher=fetcher)
        documents.append(html.render(font_config=fonts, stylesheets=sheets, pdf_variant=variant))
        on_sheet(done)
    pages = [page for document in documents for page in document.pages]
    content = documents[0].copy(pages).write_pdf(pdf_variant=variant)
    return Pdf(content=content, sheets=tuple(len(document.pages) for document in documents))


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
                raise FatalURLFetchingError("A document may load nothing but its fonts.")
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols={"file"})
