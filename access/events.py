"""What happened to people's access, told to the apps above."""

from django.dispatch import Signal

# sender: Removal; removal, now. Schooling ended, access was closed just now. A receiver that put a letter
# to the person into the outbox returns True.
access_closed = Signal()

# sender: Removal; removal. Whether the letter about the copy really went: a receiver returns the moment, or None.
letter_asked = Signal()
