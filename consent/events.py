"""What happened to consents and contacts, told to the apps above."""

from django.dispatch import Signal

# sender: ContactCode; code, by, now. The contact's holder asked for the code that proves it.
contact_code_asked = Signal()
