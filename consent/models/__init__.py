"""Consents and refusals, and, apart from them, declarations of the form of delivery; contacts."""

from consent.models.contacts import (
    SMS,
    USES,
    Application,
    Contact,
    ContactCode,
    ContactKind,
    ContactOrigin,
    ContactQuerySet,
    Messenger,
    Use,
    Verification,
)
from consent.models.decisions import (
    Decision,
    DecisionForm,
    DecisionKind,
    DecisionQuerySet,
    DeliveryDeclaration,
    DeliveryDeclarationQuerySet,
    DeliveryForm,
)
from consent.models.papers import Destruction, DestructionQuerySet, Scan
from consent.models.purposes import ConsentText, Purpose

__all__ = [
    "SMS",
    "USES",
    "Application",
    "ConsentText",
    "Contact",
    "ContactCode",
    "ContactKind",
    "ContactOrigin",
    "ContactQuerySet",
    "Decision",
    "DecisionForm",
    "DecisionKind",
    "DecisionQuerySet",
    "DeliveryDeclaration",
    "DeliveryDeclarationQuerySet",
    "DeliveryForm",
    "Destruction",
    "DestructionQuerySet",
    "Messenger",
    "Purpose",
    "Scan",
    "Use",
    "Verification",
]
