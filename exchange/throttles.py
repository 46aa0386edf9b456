"""How often a machine may try to sign in."""

from rest_framework.throttling import AnonRateThrottle


class SignInThrottle(AnonRateThrottle):
    """By address: a school stands behind one, so the limit is wide; accounts have limits of their own."""

    scope = "sign_in"
    rate = "60/min"
