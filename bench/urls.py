from django.urls import include, path

from bench import FLOORS, floors, visit_floor

urlpatterns = [
    path(f"{FLOORS}invullen/<int:revision>/", floors.fill_in),
    path(f"{FLOORS}antwoord/<int:organisation>/<int:answer>/<int:item>/", floors.answer),
    path(f"{FLOORS}lijst/", floors.handed_in),
    path(f"{FLOORS}werklijst/", floors.worklist),
    path(f"{FLOORS}criterium/<int:visit>/<int:item>/", visit_floor.criterion),
    path(f"{FLOORS}nieuw/<int:organisation>/", floors.start),
    path("", include("wlzthuis.urls")),
]

handler400 = "wlzthuis.pages.bad_request"
handler403 = "wlzthuis.pages.permission_denied"
handler404 = "wlzthuis.pages.page_not_found"
handler500 = "wlzthuis.pages.server_error"
