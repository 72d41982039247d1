from django.urls import path

app_name = "assessments"

urlpatterns: list = [
    # self-assessments
    # end self-assessments
    # visits
    # end visits
]
