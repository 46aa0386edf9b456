from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Рассылка"

    def ready(self) -> None:
        from notifications import answers, clauses, codes, farewells, receivers, reminders, rules

        rules.register()
        clauses.register()
        receivers.register()
        reminders.register()
        answers.register()
        farewells.register()
        codes.register()
