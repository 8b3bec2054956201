"""Addresses of plans: roadmaps, their items, what units do about them."""

from django.urls import URLPattern, path

from plans.views import assignments, dues, imports, items, review, roadmaps

app_name = "plans"

urlpatterns: list[URLPattern] = [
    path("roadmaps/", roadmaps.roadmap_list, name="roadmap_list"),
    path("roadmaps/<int:roadmap_id>/", roadmaps.roadmap_detail, name="roadmap_detail"),
    path("items/<int:item_id>/", items.item_detail, name="item_detail"),
    path("items/<int:item_id>/due/", items.item_set_due, name="item_set_due"),
    path(
        "assignments/<int:assignment_id>/", assignments.assignment_detail, name="assignment_detail"
    ),
    path("units/<int:unit_id>/plan/", assignments.unit_plan, name="unit_plan"),
    path("dues/<int:due_id>/save/", dues.due_save, name="due_save"),
    path("dues/<int:due_id>/done/", dues.due_done, name="due_done"),
    path("dues/<int:due_id>/not-applicable/", dues.due_not_applicable, name="due_not_applicable"),
    path("dues/<int:due_id>/take-back/", dues.due_take_back, name="due_take_back"),
    path("dues/<int:due_id>/confirm/", dues.due_confirm, name="due_confirm"),
    path("dues/<int:due_id>/return/", dues.due_return, name="due_return"),
    path("dues/<int:due_id>/proofs/", dues.proof_add, name="proof_add"),
    path("proofs/<int:proof_id>/remove/", dues.proof_remove, name="proof_remove"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:import_id>/", imports.import_detail, name="import_detail"),
    path("imports/<int:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:import_id>/publish/", imports.import_publish, name="import_publish"),
    path("imports/<int:import_id>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:import_id>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:import_id>/take-up/", imports.import_take_up, name="import_take_up"),
    path(
        "imports/<int:import_id>/read-again/", imports.import_read_again, name="import_read_again"
    ),
    path("imports/<int:import_id>/settle/", review.import_settle, name="import_settle"),
    path("imports/<int:import_id>/unsettle/", review.import_unsettle, name="import_unsettle"),
    path("imports/<int:import_id>/target/", review.import_target, name="import_target"),
    path("imports/<int:import_id>/card/", review.import_card, name="import_card"),
    path("imports/<int:import_id>/items/<int:item>/", review.import_mend, name="import_mend"),
    path(
        "imports/<int:import_id>/items/<int:item>/dates/", review.import_dates, name="import_dates"
    ),
    path(
        "imports/<int:import_id>/items/<int:item>/parties/",
        review.import_parties,
        name="import_parties",
    ),
    path(
        "imports/<int:import_id>/items/<int:item>/group/", review.import_group, name="import_group"
    ),
]
