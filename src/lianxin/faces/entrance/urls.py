"""Addresses of the entrance; their names carry no namespace because every face links to them."""

from django.urls import path

from lianxin.faces.entrance.views import account, invitation, phone_login, staff_login

urlpatterns = [
    path("login/", staff_login.password, name="login"),
    path("login/code/", staff_login.code, name="login_code"),
    path("login/phone/", phone_login.phone, name="login_phone"),
    path("login/phone/code/", phone_login.code, name="login_phone_code"),
    path("login/phone/who/", phone_login.who, name="login_phone_who"),
    path("logout/", staff_login.leave, name="logout"),
    path("invitation/<str:token>/", invitation.accept, name="invitation"),
    path("account/", account.show, name="account"),
    path("account/password/", account.password, name="account_password"),
    path("account/second-factor/", account.second_factor, name="account_second_factor"),
    path("account/recovery-codes/", account.recovery_codes, name="account_recovery_codes"),
]
