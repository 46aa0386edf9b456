import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from common.storage import ModuleStaticFilesStorage

SOURCES = Path(settings.BASE_DIR) / "static" / "js"
MODULES = sorted(SOURCES.rglob("*.js"))
IMPORTED = re.compile(r"""(?:\bfrom\s*|\bimport\s*)["'](\.{1,2}/[^"']+)["']""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


def imports_of(path: Path) -> list[Path]:
    return [(path.parent / name).resolve() for name in IMPORTED.findall(path.read_text())]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_a_module_is_one_behaviour_that_says_what_it_does(path):
    lines = path.read_text().splitlines()
    assert lines[0].startswith(f"// {path.name} — ")
    assert len(lines) <= 120
    assert all(target.is_file() for target in imports_of(path))


def test_modules_do_not_import_each_other_in_a_circle():
    def walk(path, above):
        assert path not in above, " → ".join(one.name for one in (*above, path))
        for target in imports_of(path):
            walk(target, (*above, path))

    for path in MODULES:
        walk(path.resolve(), ())


def test_a_hashed_module_imports_hashed_modules(tmp_path):
    storage = ModuleStaticFilesStorage(location=tmp_path, base_url="/static/")
    sources = FileSystemStorage(location=SOURCES.parent)
    names = [str(path.relative_to(SOURCES.parent)) for path in MODULES]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((SOURCES.parent / name).read_bytes())
    done = list(storage.post_process({name: (sources, name) for name in names}))
    made = {name: new for name, new, _ in done if HASHED.search(new)}
    text = (tmp_path / made["js/grid/main.js"]).read_text()
    found = IMPORTED.findall(text)
    assert len(found) == len(imports_of(SOURCES / "grid" / "main.js"))
    assert [name for name in found if not HASHED.search(name)] == []
    assert all((tmp_path / "js" / "grid" / name).is_file() for name in found)
