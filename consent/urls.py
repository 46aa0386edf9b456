from django.urls import path

from consent import views

app_name = "consent"
urlpatterns = [
    path("", views.register, name="register"),
    path("<uuid:guardianship_id>/", views.decide, name="decide"),
    path("<uuid:guardianship_id>/delivery/", views.declare, name="declare"),
    path("contacts/<uuid:person_id>/", views.contacts, name="contacts"),
    path("contacts/<uuid:contact_id>/verified/", views.contact_verified, name="contact_verified"),
    path("contacts/<uuid:contact_id>/ended/", views.contact_ended, name="contact_ended"),
]
