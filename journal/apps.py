from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = "Журнал"

    def ready(self) -> None:
        from journal import clauses, clauses_closing, clauses_programme, clauses_results, rules

        rules.register()
        clauses.register()
        clauses_programme.register()
        clauses_closing.register()
        clauses_results.register()
