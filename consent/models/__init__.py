"""Consents and refusals, and, apart from them, declarations of the form of delivery; contacts."""

from consent.models.contacts import (
    Application,
    Contact,
    ContactKind,
    ContactOrigin,
    ContactQuerySet,
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
from consent.models.purposes import ConsentText, Purpose

__all__ = [
    "Application",
    "ConsentText",
    "Contact",
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
    "Purpose",
]
