from django.urls import path

from consent.views import contacts, lists, register, stack, texts

app_name = "consent"
urlpatterns = [
    path("", register.register, name="register"),
    path("<uuid:guardianship_id>/", register.decide, name="decide"),
    path("<uuid:guardianship_id>/delivery/", register.declare, name="declare"),
    path(
        "<uuid:guardianship_id>/decisions/<uuid:decision_id>/scan/", register.attach, name="attach"
    ),
    path("stack/<uuid:class_id>/", stack.stack, name="stack"),
    path("scans/<uuid:scan_id>/", stack.scan, name="scan"),
    path("overdue/", lists.overdue, name="overdue"),
    path("destruction/", lists.destructions, name="destructions"),
    path("destruction/<uuid:destruction_id>/done/", lists.destroyed, name="destroyed"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<uuid:text_id>/cancel/", texts.text_cancel, name="text_cancel"),
    path("texts/<uuid:school_id>/<slug:code>/", texts.text, name="text"),
    path("texts/<uuid:school_id>/<slug:code>/new/", texts.text_new, name="text_new"),
    path("contacts/<uuid:person_id>/", contacts.contacts, name="contacts"),
    path(
        "contacts/<uuid:contact_id>/verified/", contacts.contact_verified, name="contact_verified"
    ),
    path("contacts/<uuid:person_id>/sms/", contacts.sms_applied, name="sms_applied"),
    path("contacts/sms/<uuid:application_id>/ended/", contacts.sms_ended, name="sms_ended"),
    path("contacts/same/", contacts.same_contacts, name="same_contacts"),
]
