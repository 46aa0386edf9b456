from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "control"
    verbose_name = "Контроль"

    def ready(self) -> None:
        from control import clauses

        clauses.register()
