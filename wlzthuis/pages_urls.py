from django.urls import path

from wlzthuis import downloads, health, pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("over/", pages.about, name="about"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("contact/", pages.contact, name="contact"),
    path("bestanden/<str:token>/", downloads.file, name="file"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
