from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "diary"
    verbose_name = "Дневник"

    def ready(self) -> None:
        from diary import clauses, rules

        rules.register()
        clauses.register()
