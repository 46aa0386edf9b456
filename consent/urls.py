from django.urls import path

from consent.views import contacts, register

app_name = "consent"
urlpatterns = [
    path("", register.register, name="register"),
    path("<uuid:guardianship_id>/", register.decide, name="decide"),
    path("<uuid:guardianship_id>/delivery/", register.declare, name="declare"),
    path("contacts/<uuid:person_id>/", contacts.contacts, name="contacts"),
    path(
        "contacts/<uuid:contact_id>/verified/", contacts.contact_verified, name="contact_verified"
    ),
    path("contacts/<uuid:contact_id>/ended/", contacts.contact_ended, name="contact_ended"),
]
