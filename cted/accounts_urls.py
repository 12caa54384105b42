"""What staff need of allauth under /accounts/: no e-mail management, no reset by e-mail, no social sign-in."""

from allauth.account import views
from django.urls import include, path

from visits.admin.notices import own_notices

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Always closed, see StaffAccountAdapter: allauth's sign-in view asks for the name.
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("notices/", own_notices, name="account_notices"),
    path("2fa/", include("allauth.mfa.urls")),
]
