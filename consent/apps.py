from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Согласия"

    def ready(self) -> None:
        from consent import clauses, rules

        rules.register()
        clauses.register()
