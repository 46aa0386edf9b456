"""Templates, settings, models and migrations keep the rules of the house."""

import re
from pathlib import Path

from django.apps import apps

from tests.conventions.test_sizes import APPS, ROOT

INLINE = re.compile(
    r"""\s(?:on[a-z]+|style)\s*=\s*["']|<style[\s>]|<script(?![^>]*\ssrc=)[^>]*>""", re.IGNORECASE
)
ENV = re.compile(r"""env\.(?:text|flag|number|words|database|email)\(\s*["'](\w+)["']""")
FORBIDDEN_ROOMS = {"core", "utils", "helpers", "services", "extras"}


def templates() -> list[Path]:
    places = [ROOT / "templates", *(ROOT / app for app in APPS)]
    return sorted(p for place in places for p in place.rglob("*.html") if "var" not in p.parts)


def test_no_inline_script_or_style_in_pages() -> None:
    # Styles inside printed documents and e-mails stand in the document: no policy of a page holds there.
    pages = [p for p in templates() if "pdf" not in p.name and "email" not in p.name]
    assert {str(p.relative_to(ROOT)) for p in pages if INLINE.search(p.read_text("utf-8"))} == set()


def test_the_inline_check_knows_good_from_bad() -> None:
    assert not INLINE.search(
        '<script src="/x.js" type="module"></script><p class="style">onward</p>'
    )
    for bad in ('<a onclick="x()">', "<p style='a'>", "<script>x</script>", "<style>"):
        assert INLINE.search(bad), bad


def test_every_setting_is_documented() -> None:
    names = set(ENV.findall((ROOT / "ediary/settings.py").read_text("utf-8")))
    documented = (ROOT / ".env.example").read_text("utf-8")
    assert {name for name in names if name not in documented} == set()


def test_every_field_is_classified() -> None:
    wrong = {}
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        privacy = getattr(model, "Privacy", None)
        classes = [getattr(privacy, kind, set()) for kind in ("personal", "special", "harmless")]
        named = set().union(*classes)
        fields = {field.name for field in model._meta.local_fields}
        if named != fields or sum(map(len, classes)) != len(named):
            wrong[model._meta.label] = named ^ fields
    assert wrong == {}


def test_no_model_hides_an_order() -> None:
    assert [
        m._meta.label for m in apps.get_models() if m._meta.app_label in APPS and m._meta.ordering
    ] == []


def test_migrations_are_named_linear_and_self_contained() -> None:
    for app in APPS:
        numbers = []
        for path in sorted((ROOT / app / "migrations").glob("0*.py")):
            assert "_auto_" not in path.name
            numbers.append(path.name[:4])
            imports = re.findall(r"^(?:from|import) (\S+)", path.read_text("utf-8"), re.MULTILINE)
            ours = {name for name in imports if name.split(".")[0] in APPS}
            assert ours <= {"common.ids"}, path
        assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)], app


def test_no_junk_rooms() -> None:
    rooms = {p.stem for app in APPS for p in (ROOT / app).rglob("*.py")}
    rooms |= {p.name for app in APPS for p in (ROOT / app).rglob("*") if p.is_dir()}
    assert rooms & FORBIDDEN_ROOMS == set()


def test_budgets_are_asserted_for_real() -> None:
    """`assertNumQueries(1)` without `with` asserts nothing."""
    # Built of two strings so that this file does not find itself.
    budget = re.compile(
        r"^\s*(?:self\.assert" + r"NumQueries|django_assert_" + r"(?:max_)?num_queries)\("
    )
    found = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "tests").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if budget.search(line)
    ]
    assert found == []
