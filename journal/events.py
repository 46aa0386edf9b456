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
# sender: Remark; remarks, by, now. The deputy head told teachers what to correct.
remarks_raised = Signal()
# sender: Reopening; reopening, by, now. The deputy head opened a locked lesson, or refused to.
reopening_decided = Signal()
# sender: UnusualEdit; unusual, by, now. Its author and the deputy head are told.
unusual_noted = Signal()
# sender: UnusualEdit; unusual, by, now. The author says that it was not her.
unusual_denied = Signal()
