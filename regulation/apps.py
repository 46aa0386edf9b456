from django.apps import AppConfig


class RegulationConfig(AppConfig):
    name = "regulation"
    verbose_name = "Регламент"

    def ready(self) -> None:
        from regulation import clauses, rules

        rules.register()
        clauses.register()
