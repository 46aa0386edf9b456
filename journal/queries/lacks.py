"""What a lesson of the past lacks: the one meaning of it for the teacher's day and the deputy's board.

Conditions over `l` (lesson), `c` (its course), `g` (the course's group) and the parameter `year`.
Topic is owed for every lesson; homework for every lesson that is not of the first grade and not
outside the curriculum; marks for every control work. Sources: domain.md §1.2 п. 1-4.
"""

NO_RECORD = "(l.recorded_at IS NULL AND l.topic = '')"
NO_TOPIC = "l.topic = ''"
NO_HOMEWORK = """(c.kind = 'lesson' AND g.grade_level > 1
  AND NOT EXISTS (SELECT 1 FROM journal_homework h WHERE h.lesson_id = l.id))"""
NO_MARKS = """(EXISTS (SELECT 1 FROM journal_work w JOIN journal_workkind wk ON wk.id = w.kind_id AND wk.is_control
                WHERE w.lesson_id = l.id)
  AND NOT EXISTS (SELECT 1 FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = l.id))"""
LACKS = f"({NO_TOPIC} OR {NO_HOMEWORK} OR {NO_MARKS})"
