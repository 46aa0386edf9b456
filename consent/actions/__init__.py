"""Registering what families decide, how they are informed, and their contacts."""

from consent.actions.applications import end_application, register_application
from consent.actions.codes import confirm_contact_code, send_contact_code
from consent.actions.contacts import (
    add_contact,
    choose_uses,
    end_contact,
    move_contact,
    verify_contact,
)
from consent.actions.decisions import register_decision, standing
from consent.actions.delivery import declare_delivery
from consent.actions.opening import latest, reopen
from consent.actions.papers import add_scan
from consent.actions.stack import Recorded, Sheet, register_stack
from consent.actions.withdrawal import note_destroyed

__all__ = [
    "Recorded",
    "Sheet",
    "add_contact",
    "add_scan",
    "choose_uses",
    "confirm_contact_code",
    "declare_delivery",
    "end_application",
    "end_contact",
    "latest",
    "move_contact",
    "note_destroyed",
    "register_application",
    "register_decision",
    "register_stack",
    "reopen",
    "send_contact_code",
    "standing",
    "verify_contact",
]
