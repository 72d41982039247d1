from django.urls import path

from norms import views

app_name = "norms"
urlpatterns = [
    path("", views.frameworks, name="list"),
    path("van-zvw-naar-wlz/", views.beginners, name="beginners"),
    path("<slug:code>/verschil/", views.difference, name="difference"),
    path("<slug:code>/", views.framework, name="framework"),
    path("<slug:code>/<slug:edition>/", views.edition, name="edition"),
]
