from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EdiaryConfig(AppConfig):
    name = "ediary"
    verbose_name = "Электронный дневник"

    def ready(self) -> None:
        from ediary import celery

        autodiscover_modules("jobs")
        celery.schedule()
