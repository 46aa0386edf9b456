"""Registering what families decide, how they are informed, and their contacts."""

from consent.actions.contacts import add_contact, end_contact, verify_contact
from consent.actions.decisions import GROWN, latest, register_decision, reopen, standing
from consent.actions.delivery import declare_delivery

__all__ = [
    "GROWN",
    "add_contact",
    "declare_delivery",
    "end_contact",
    "latest",
    "register_decision",
    "reopen",
    "standing",
    "verify_contact",
]
