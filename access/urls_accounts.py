"""Sign-in by django-allauth. Accounts and first codes come from the school alone.

Signing up, changing one's address and setting a new password by letter are not routed: whoever
sits at an open session for a minute would otherwise send herself a link to the account.
"""

from allauth.account import views
from django.urls import include, path

from access.views_account import Sessions, SignOut

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", SignOut.as_view(), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
]
