"""Whole-page reads of the diary: each answers with one of the shapes of `diary.pages`."""

from diary.queries.week import week, weeks

__all__ = ["week", "weeks"]
