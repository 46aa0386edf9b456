"""What is taken for a scan of a paper: a photo or a PDF."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from common import uploads
from common.errors import BrokenFile

SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg")
ACCEPT = "image/jpeg,image/png,application/pdf"  # a phone offers its camera for these


def check_scan(upload: "UploadedFile[Any]") -> None:
    """Look into a scan before it is kept. Raises BrokenFile with a sentence that says what is wrong."""
    checked = uploads.check(upload)
    if checked.suffix not in SUFFIXES:
        raise BrokenFile(f"Файл «{checked.name}» — не фото и не PDF. Можно: PDF, PNG, JPG.")
