from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("<slug:number>/<str:version>/", views.detail, name="detail"),
    path("<slug:number>/<str:version>/bestand/", views.status, name="status"),
    path("<slug:number>/<str:version>/pdf/", views.download, name="download"),
    path("<slug:number>/<str:version>/opnieuw/", views.retry, name="retry"),
]
