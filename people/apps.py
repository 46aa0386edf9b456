from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "Люди"

    def ready(self) -> None:
        from people import grants, rules

        grants.connect()
        rules.register()
