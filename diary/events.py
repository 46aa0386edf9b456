"""What happened in a diary, told to the apps above."""

from django.dispatch import Signal

# sender: AbsenceReport; report, by, now. The class teacher accepted or declined it.
absence_answered = Signal()
# sender: Reminder; school, reminders, by (None: the job), now. These guardians are to be told by letter of a week
# that nobody of the family acknowledged.
weeks_reminded = Signal()
