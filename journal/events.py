"""What happened in a journal, told to the apps above. Single marks are not announced: digests read the history."""

from django.dispatch import Signal

# sender: Lesson's class; lesson_id, by, now. Topic, homework or kind of work was written.
lesson_recorded = Signal()
# sender: the result's class; results (their ids), by, now. Families may see them from now on.
final_published = Signal()
# sender: SignOff; sign_off, by, now.
period_signed = Signal()
# sender: Deferral; deferrals (their ids), now. Their day is near, or has come.
deferral_due = Signal()
