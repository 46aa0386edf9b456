"""Static files under names that hold a hash of their content, ES modules included."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites relative imports between our ES modules too, so that a module may be cached for ever."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # as deep as the grid's modules import each other

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only our own modules: comments of htmx's extensions hold type imports of files that nobody has.
        self._patterns["js/*"] = self._patterns.pop("*.js")
