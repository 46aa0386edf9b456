"""The form of a consent on paper: one document for one purpose, one representative and one child."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.safestring import SafeString

from consent.wording import Version

LONG = 1600  # characters that fit in the usual type


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, for whom, by what right."""

    name: str
    relation: str  # «родитель»
    ground: str  # the document of powers; empty when the school has none recorded
    pupil_id: UUID
    pupil_name: str
    class_name: str
    address: str  # the page where her decision is registered
    qr: SafeString
    pupil_signs: bool = False  # old enough to sign beside her


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """A form to sign; without a signer every name is a line for a pen.

    Addresses and identity documents, which the law asks for too, are always lines: the program does
    not keep them.
    """

    text: Version
    school_name: str
    printed_on: date
    signer: Signer | None = None

    @property
    def pupil_id(self) -> UUID:
        return self.signer.pupil_id if self.signer else self.text.id

    @property
    def code(self) -> str:
        """Nothing to verify: it proves nothing before it is signed."""
        return ""

    @property
    def version(self) -> str:
        return str(self.text.number)

    @property
    def is_long(self) -> bool:
        ground = len(self.signer.ground) if self.signer else 0
        return ground + sum(len(part.line) for part in self.text.parts) > LONG

    @property
    def has_ground(self) -> bool:
        return bool(self.signer and self.signer.ground)

    @property
    def lacks_details(self) -> bool:
        """Whether the recorded document of powers is named without its number."""
        ground = self.signer.ground if self.signer else ""
        return bool(ground) and not any(sign.isdigit() for sign in ground)

    @property
    def pupil_may_sign(self) -> bool:
        """Whether the pupil has a line too; a blank does not know the age."""
        return self.signer is None or self.signer.pupil_signs

    @property
    def label(self) -> str:
        """The name of the page among the file's bookmarks."""
        return self.signer.name if self.signer else self.text.purpose

    @property
    def foot(self) -> str:
        """What stands under each page."""
        whom = self.signer.name if self.signer else self.school_name
        return f"{self.text.purpose} · редакция {self.text.number} · {whom}"
