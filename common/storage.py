"""Static files under names that hold a hash of their content, ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites relative imports between ES modules too, so that a module's address may be cached for ever."""

    support_js_module_import_aggregation = True
