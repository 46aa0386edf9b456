"""Uploaded files: looked at before they are kept. The temporary upload is the quarantine."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common.errors import BrokenFile

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 200
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# Extension → content type, first bytes, and for zip documents a member that must be inside.
KINDS: dict[str, tuple[str, bytes, str]] = {
    ".pdf": ("application/pdf", b"%PDF-", ""),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n", ""),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff", ""),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff", ""),
    ".docx": (f"{_OFFICE}wordprocessingml.document", _ZIP, "word/document.xml"),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP, "xl/workbook.xml"),
    ".pptx": (f"{_OFFICE}presentationml.presentation", _ZIP, "ppt/presentation.xml"),
    ".odt": ("application/vnd.oasis.opendocument.text", _ZIP, "content.xml"),
    ".txt": ("text/plain; charset=utf-8", b"", ""),
}
ACCEPTED = "PDF, PNG, JPG, DOCX, XLSX, PPTX, ODT, TXT"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is what its name says."""

    name: str
    suffix: str
    content_type: str
    size: int
    sha256: str


def check(upload: "UploadedFile[Any]") -> Checked:
    """Look into an uploaded file. Raises BrokenFile with a sentence that says what is wrong."""
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name.strip()
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS:
        raise BrokenFile(f"Файл «{name}» такого вида не принимается. Можно: {ACCEPTED}.")
    if not upload.size:
        raise BrokenFile(f"Файл «{name}» пуст.")
    if upload.size > LARGEST:
        raise BrokenFile(f"Файл «{name}» больше 10 МБ.")
    content_type, first, member = KINDS[suffix]
    upload.seek(0)
    if not upload.read(len(first)) == first or not _inside(upload, suffix, member):
        raise BrokenFile(
            f"Файл «{name}» повреждён или не соответствует расширению {suffix}. Сохраните его заново."
        )
    stem = name.removesuffix(PurePosixPath(name).suffix)[: LONGEST_NAME - len(suffix)]
    return Checked(f"{stem}{suffix}", suffix, content_type, upload.size, _digest(upload))


def admit(upload: "UploadedFile[Any]") -> Checked:
    """Look into the file, and give it a name that nobody guesses to be stored under. Raises BrokenFile."""
    checked = check(upload)
    upload.name = f"{uuid4().hex}{checked.suffix}"
    return checked


def discard_after(storage: Storage, name: str) -> None:
    """Delete a stored file once the transaction that gave it up has really ended; without a name, nothing."""
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def _inside(upload: "UploadedFile[Any]", suffix: str, member: str) -> bool:
    """Say whether the content goes on as it began."""
    upload.seek(0)
    if member:
        return _has_member(upload, member)
    if suffix == ".txt":
        return _is_text(upload.read())
    if suffix == ".pdf":
        upload.seek(max(0, (upload.size or 0) - 2048))
        return b"%%EOF" in upload.read()
    return True


def _has_member(upload: Any, member: str) -> bool:
    try:
        with zipfile.ZipFile(upload) as archive:
            return member in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Old Windows editors: every byte is a letter of cp1251, control characters are not text.
        return not any(byte < 32 and byte not in {9, 10, 13} for byte in content)
    return True


def _digest(upload: "UploadedFile[Any]") -> str:
    whole = hashlib.sha256()
    upload.seek(0)
    for part in upload.chunks():
        whole.update(part)
    upload.seek(0)
    return whole.hexdigest()
