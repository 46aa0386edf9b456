"""Small rooms: a module of 400 lines, a function of 50, a view of 25."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("access", "audit", "common", "consent", "control", "correspondence", "diary", "ediary", "exchange",
        "journal", "notifications", "people", "printouts", "regulation", "school")  # fmt: skip
MODULE, FUNCTION, VIEW, TEST_MODULE = 400, 50, 25, 500


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from (p for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts)


def non_blank(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Name and length of every function, without its docstring."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first, last = node.lineno, node.end_lineno or node.lineno
            length = non_blank("\n".join(lines[first - 1 : last]))
            if ast.get_docstring(node):
                doc = node.body[0]
                length -= non_blank("\n".join(lines[doc.lineno - 1 : doc.end_lineno]))
            yield node.name, length


def too_long(source: str, limit: int) -> list[str]:
    return [f"{name} ({length})" for name, length in functions(source) if length > limit]


@pytest.mark.parametrize("path", sorted(modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_module_is_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert non_blank(source) <= MODULE
    is_view = path.name.startswith("views") or "views" in path.parts
    assert too_long(source, VIEW if is_view else FUNCTION) == []


def test_test_modules_are_small() -> None:
    long = [
        p.name
        for p in (ROOT / "tests").rglob("*.py")
        if non_blank(p.read_text("utf-8")) > TEST_MODULE
    ]
    assert long == []


def test_the_check_sees_a_long_function() -> None:
    body = "\n".join("    x = 1" for _ in range(30))
    assert too_long(f"def good():\n    x = 1\n\ndef bad():\n{body}\n", VIEW) == ["bad (31)"]
