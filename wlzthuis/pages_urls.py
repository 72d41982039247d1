from django.urls import path

from wlzthuis import pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("over/", pages.about, name="about"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("contact/", pages.contact, name="contact"),
    path("health/live", pages.live, name="live"),
]
