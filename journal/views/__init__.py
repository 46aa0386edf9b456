"""Pages of the journal, by noun."""

from journal.views.day import day, school
from journal.views.grid import cell, cells, sheet
from journal.views.lesson import homework_file, lesson

__all__ = ["cell", "cells", "day", "homework_file", "lesson", "school", "sheet"]
