from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = "Доступ"

    def ready(self) -> None:
        from access import clauses, forgetting, receivers, rules  # noqa: F401  # receivers connect on import

        rules.register()
        clauses.register()
        forgetting.register()
