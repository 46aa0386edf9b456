import secrets
import shutil

import pytest

from ediary.launcher.places import VAR


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory):
    """A folder under var/ for servers of these tests: pytest's own is closed to other accounts."""
    folder = VAR / "tests" / secrets.token_hex(4)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
