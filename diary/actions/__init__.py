"""Verbs of the diary."""

from diary.actions.acknowledgement import acknowledge, acknowledge_on_paper
from diary.actions.answers import send_answer
from diary.actions.visits import record_visit

__all__ = ["acknowledge", "acknowledge_on_paper", "record_visit", "send_answer"]
