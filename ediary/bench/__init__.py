"""Benchmarks and crash tests: the application as production runs it, on servers of their own.

Models are imported by most modules here, so the package itself makes Django ready.
"""

import django
from django.apps import apps

if not apps.ready:
    django.setup()
