"""Static files under names that hold a hash of their content, ES modules included."""

from functools import cached_property
from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites relative imports between our ES modules too, so that a module may be cached for ever."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # as deep as the grid's modules import each other

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only our own modules: comments of htmx's extensions hold type imports of files that nobody has.
        self._patterns["js/*"] = self._patterns.pop("*.js")

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name: str, force: bool = False) -> str:
        """Answer from memory after the first time: a page names twenty files."""
        if settings.DEBUG or force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name, force))
        return self._addresses[name]
