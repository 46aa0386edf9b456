"""Papers for the tests: from the sample week to a PDF and back."""

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import outloud
import zxingcpp
from outloud.findings import ERROR
from PIL import Image
from pypdf import PdfReader

from printouts import pdf
from printouts.codes import new_code, qr_svg
from printouts.pages import Average, WeekExtract
from tests.cast import TODAY
from tests.printouts.sample import SUBJECTS, week

ADDRESS = "http://127.0.0.1:8000/verify/"


def extract(pupil: int = 1, lessons: int = 7) -> WeekExtract:
    code = new_code()
    return WeekExtract(
        week=week(pupil, lessons=lessons), period="II четверть",
        averages=tuple(Average(subject, Decimal("4.25")) for subject in SUBJECTS),
        code=code, address=ADDRESS + code, qr=qr_svg(ADDRESS + code, title="Код для проверки"), printed_on=TODAY,
    )  # fmt: skip


def print_sample(pupils: int, lessons: int = 7) -> tuple[pdf.Pdf, list[WeekExtract]]:
    sheets = [extract(number, lessons) for number in range(pupils)]
    contexts = ({"extract": sheet, "title": "Выписки 7А"} for sheet in sheets)
    return pdf.bind("printouts/paper/extract.html", contexts, style="extract.css"), sheets


def text_of(content: bytes, page: int | None = None) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    chosen = pages if page is None else [pages[page]]
    return " ".join(" ".join(each.extract_text() for each in chosen).split())


def errors_of_accessibility(path: Path) -> list[str]:
    result = outloud.check(str(path))
    assert result.verdict != "unreadable"
    return [finding.rule for finding in result.findings if finding.severity == ERROR]


def is_sound(path: Path) -> bool:
    return run("qpdf", "--check", path) == 0


def codes_on(path: Path, page: int = 1) -> list[str]:
    """Read the QR codes of a page as a scanner would, from its picture."""
    assert (
        run(
            "pdftoppm",
            "-r",
            "150",
            "-png",
            "-f",
            page,
            "-l",
            page,
            "-singlefile",
            path,
            path.with_suffix(""),
        )
        == 0
    )
    with Image.open(path.with_suffix(".png")) as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture)]


def run(tool: str, *arguments: object) -> int:
    found = shutil.which(tool)
    assert found, f"{tool} is missing: apt-get install qpdf poppler-utils"
    command = [found, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False).returncode
