from django.urls import path

from norms import views

app_name = "norms"
urlpatterns = [
    path("", views.frameworks, name="list"),
    path("<slug:code>/", views.framework, name="framework"),
    path("<slug:code>/<slug:edition>/", views.edition, name="edition"),
]
