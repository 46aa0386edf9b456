"""Addresses of «Задания»."""

from django.urls import URLPattern, URLResolver, path

from diary.views import tasks

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:pupil_id>/tasks/", tasks.tasks, name="tasks"),
    path("<uuid:pupil_id>/tasks/<uuid:homework_id>/done/", tasks.task_done, name="task_done"),
]
