from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = "Доступ"

    def ready(self) -> None:
        from access import clauses, rules

        rules.register()
        clauses.register()
