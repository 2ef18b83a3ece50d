"""People, accounts, one's own page."""

from __future__ import annotations

from django.urls import path

from accounts.people import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/hire/", views.hire, name="hire"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/place/", views.place, name="place"),
    path("people/<int:pk>/assignments/<int:assignment_pk>/", views.correct, name="correct"),
    path("people/<int:pk>/assignments/<int:assignment_pk>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<int:pk>/pair/", views.pair, name="pair"),
    path("people/<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("people/<int:pk>/account/", views.account, name="account"),
    path("people/<int:pk>/invite/", views.invite, name="invite"),
    path("people/<int:pk>/sign-out/", views.sign_out, name="sign_out"),
    path("profile/", views.profile, name="profile"),
    path("profile/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
]
