from django.apps import AppConfig


class PrintoutsConfig(AppConfig):
    name = "printouts"
    verbose_name = "Печать"

    def ready(self) -> None:
        from printouts import clauses, rules

        rules.register()
        clauses.register()
