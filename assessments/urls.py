from django.urls import path

from assessments.views import evidence, fill_in, self_assessments, tasks

app_name = "assessments"

urlpatterns: list = [
    path("taken/", tasks.tasks, name="tasks"),
    # self-assessments
    path("zelfevaluaties/", self_assessments.self_assessments, name="self_assessments"),
    path("zelfevaluaties/nieuw/", self_assessments.self_assessment_new, name="self_assessment_new"),
    path("zelfevaluaties/<int:pk>/", self_assessments.revision, name="revision"),
    path("zelfevaluaties/<int:pk>/stap/<slug:action>/", self_assessments.revision_step, name="revision_step"),
    path("zelfevaluaties/<int:pk>/invullen/", fill_in.fill_in, name="fill_in"),
    path("zelfevaluaties/<int:pk>/invullen/<int:section>/", fill_in.fill_in, name="fill_in_section"),
    path("zelfevaluaties/<int:pk>/antwoorden/<int:item>/", fill_in.answer, name="answer"),
    path("bewijsstukken/<int:pk>/", evidence.evidence, name="evidence"),
    # end self-assessments
    # visits
    # end visits
]
