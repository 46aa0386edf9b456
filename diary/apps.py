from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "diary"
    verbose_name = "Дневник"

    def ready(self) -> None:
        from diary import clauses, clauses_forecast, clauses_school, forgetting, rules
        from diary.queries import reports
        from journal import announced

        rules.register()
        forgetting.register()
        announced.lend(reports.Lent())
        clauses.register()
        clauses_forecast.register()
        clauses_school.register()
