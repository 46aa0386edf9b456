from django.urls import path

from consent.views import own_contacts

app_name = "contacts"
urlpatterns = [
    path("", own_contacts.mine, name="mine"),
    path("<uuid:person_id>/add/", own_contacts.add, name="add"),
    path("<uuid:contact_id>/code/", own_contacts.code, name="code"),
    path("<uuid:contact_id>/send/", own_contacts.send_code, name="send_code"),
    path("<uuid:contact_id>/uses/", own_contacts.uses, name="uses"),
    path("<uuid:contact_id>/move/", own_contacts.move, name="move"),
    path("<uuid:contact_id>/end/", own_contacts.end, name="end"),
]
