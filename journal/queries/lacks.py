"""What a lesson of the past lacks: the one meaning of it for the teacher's day and the deputy's board.

Conditions over `l` (lesson), `c` (its course), `g` (the course's group), `u` (its subject) and the
parameter `year`. Record and topic are owed for every lesson; homework for every lesson of the
curriculum after the first grade, in subjects that set it; marks for every control work.
Sources: domain.md §1.2 п. 1-4.
"""

# Not recorded: nobody has written anything of the lesson; a topic may stand there from the plan.
NO_RECORD = "l.recorded_at IS NULL"
NO_TOPIC = "l.topic = ''"
NO_HOMEWORK = """(c.kind = 'lesson' AND g.grade_level > 1 AND u.sets_homework
  AND NOT EXISTS (SELECT 1 FROM journal_homework h WHERE h.lesson_id = l.id))"""
NO_MARKS = """(EXISTS (SELECT 1 FROM journal_work w JOIN journal_workkind wk ON wk.id = w.kind_id AND wk.is_control
                WHERE w.lesson_id = l.id)
  AND NOT EXISTS (SELECT 1 FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = l.id))"""
LACKS = f"({NO_RECORD} OR {NO_TOPIC} OR {NO_HOMEWORK} OR {NO_MARKS})"
