from django.apps import AppConfig


class SchoolConfig(AppConfig):
    name = "school"
    verbose_name = "Школа"

    def ready(self) -> None:
        from school import rules

        rules.register()
