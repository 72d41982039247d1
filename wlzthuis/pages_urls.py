from django.urls import path

from wlzthuis import downloads, health, metrics, pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("over/", pages.about, name="about"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("contact/", pages.contact, name="contact"),
    path("bestanden/<str:token>/", downloads.file, name="file"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", pages.security, name="security_txt"),
]
