from django.urls import URLPattern, URLResolver, path

from diary.views import phone

urlpatterns: list[URLPattern | URLResolver] = [
    path("sw.js", phone.worker, name="worker"),
    path("manifest.webmanifest", phone.manifest, name="manifest"),
    path("not-kept/", phone.not_kept, name="not_kept"),
]
