"""Make the web font and the icon sprite from installed packages: python -m ediary.assets.

Nothing third-party is committed: both files land in var/assets, which static files are served from.
"""

import hashlib
import re
import sys
import time
from collections.abc import Iterable
from importlib import metadata
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import fontpkg_onest
import lucide
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from ediary import env

BASE_DIR = Path(__file__).resolve().parent.parent
ASSETS = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))) / "assets"
FONT = "fonts/onest.woff2"
SPRITE = "icons.svg"
STAMP = ".stamp"

# Russian letters and those of the names of Russia's peoples (Tatar, Bashkir, Komi, Udmurt, Chuvash…); Latin; what schools write.
LETTERS = (
    (0x20, 0x7E),
    (0x0400, 0x045F),
    (0x0490, 0x04F9),
)
SIGNS = "\u00a0§«»°±²³·×÷½¼¾ÄÖÜäöüßÉéÈè–—‑‘’“”„…•‰′″‹›₽№−√≈≠≤≥←↑→↓✓"
FEATURES = ("ccmp", "kern", "locl", "mark", "mkmk", "tnum")

# In templates and in Python: the tag {% icon "…" %} and its function, or icon="…" of a component or a link.
ICON_USES = (
    re.compile(r"""(?:\{% icon |\bicon\()["']([a-z0-9-]+)["']"""),
    re.compile(r"""\bicon=["']([a-z0-9-]+)["']"""),
)
SVG = "http://www.w3.org/2000/svg"


class UnknownIcon(SystemExit):
    """A template asks for an icon that lucide does not have."""

    def __init__(self, name: str, places: Iterable[str]) -> None:
        super().__init__(f"No lucide icon “{name}”, used in: {', '.join(sorted(places))}.")


def sources() -> list[Path]:
    """Return the files that may name an icon, in a stable order."""
    templates = BASE_DIR.glob("templates/**/*.html")
    modules = BASE_DIR.glob("[a-z]*/**/*.py")
    skipped = {"var", "tests", "migrations", "node_modules"}
    return sorted(
        path
        for path in (*templates, *modules)
        if skipped.isdisjoint(path.relative_to(BASE_DIR).parts)
    )


def icon_uses(paths: Iterable[Path]) -> dict[str, set[str]]:
    """Return each icon's name with the files that use it."""
    uses: dict[str, set[str]] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for pattern in ICON_USES:
            for name in pattern.findall(text):
                uses.setdefault(name, set()).add(path.relative_to(BASE_DIR).as_posix())
    return dict(sorted(uses.items()))


def build_sprite(uses: dict[str, set[str]]) -> bytes:
    """Return one SVG with a <symbol> per icon. Refuses an unknown name with UnknownIcon."""
    ElementTree.register_namespace("", SVG)
    sprite = ElementTree.Element(f"{{{SVG}}}svg")
    archive = Path(lucide.__file__).with_name("lucide.zip")
    with ZipFile(archive) as icons:
        known = frozenset(icons.namelist())
        for name, places in uses.items():
            if f"{name}.svg" not in known:
                raise UnknownIcon(name, places)
            drawing = ElementTree.fromstring(icons.read(f"{name}.svg"))  # noqa: S314  our own package
            symbol = ElementTree.SubElement(
                sprite, f"{{{SVG}}}symbol", id=name, viewBox="0 0 24 24"
            )
            symbol.extend(drawing)
    for node in sprite.iter():
        node.tail = None
        node.text = None
    return ElementTree.tostring(sprite)


def wanted_letters(font: TTFont) -> set[int]:
    """Return the code points we use and the font has."""
    wanted = {ord(sign) for sign in SIGNS}
    for first, last in LETTERS:
        wanted.update(range(first, last + 1))
    return wanted & set(font.getBestCmap())


def build_font() -> bytes:
    """Return Onest as one variable woff2, weights 400–700, with only our letters."""
    source = fontpkg_onest.ROOT / "files" / "Onest[wght].ttf"
    font = TTFont(source, recalcTimestamp=False)
    instancer.instantiateVariableFont(font, {"wght": (400, 400, 700)}, inplace=True)
    options = Options()
    options.layout_features = list(FEATURES)
    options.name_IDs = [0, 1, 2, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted_letters(font))
    subsetter.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def fingerprint(uses: dict[str, set[str]]) -> str:
    """Return a hash of everything that the files are made from."""
    versions = [metadata.version(name) for name in ("fontpkg-onest", "fonttools", "lucide")]
    recipe = Path(__file__).read_bytes()
    names = ",".join(uses).encode()
    return hashlib.sha256(b"\n".join([recipe, names, *map(str.encode, versions)])).hexdigest()


def is_up_to_date(stamp: str) -> bool:
    return (
        (ASSETS / FONT).is_file()
        and (ASSETS / SPRITE).is_file()
        and (ASSETS / STAMP).is_file()
        and (ASSETS / STAMP).read_text(encoding="ascii") == stamp
    )


def write(path: Path, content: bytes) -> None:
    """Replace the file at once, so that a running server never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)


def build() -> str:
    """Make what is out of date and return one line about it."""
    started = time.monotonic()
    uses = icon_uses(sources())
    stamp = fingerprint(uses)
    if is_up_to_date(stamp):
        return f"Assets are up to date: {len(uses)} icons, font."
    font, sprite = build_font(), build_sprite(uses)
    write(ASSETS / FONT, font)
    write(ASSETS / SPRITE, sprite)
    write(ASSETS / STAMP, stamp.encode("ascii"))
    spent = time.monotonic() - started
    return f"Assets made in {spent:.1f} s: {len(uses)} icons ({len(sprite)} bytes), font ({len(font)} bytes)."


if __name__ == "__main__":
    sys.stdout.write(build() + "\n")
