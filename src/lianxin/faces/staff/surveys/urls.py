"""Addresses of the pages of surveys."""

from django.urls import path

from . import answers, listing, making, record, results, trying

ONE = "needs/surveys/<uuid:survey>/"
FILLED = "needs/surveys/answers/<uuid:submission>/"

urlpatterns = [
    path("needs/surveys/", listing.browse, name="surveys"),
    path("needs/surveys/new/", making.new, name="survey_new"),
    path("needs/surveys/questionnaire.xlsx", making.starter, name="survey_starter"),
    path(ONE, record.show, name="survey"),
    path(ONE + "edit/", making.edit, name="survey_edit"),
    path(ONE + "workbook/", making.replace, name="survey_replace"),
    path(ONE + "workbook/<int:number>.xlsx", record.workbook, name="survey_workbook"),
    path(ONE + "wanted/", making.quotas, name="survey_quotas"),
    path(ONE + "needs/", making.mapping, name="survey_mapping"),
    path(ONE + "open/", making.publish, name="survey_publish"),
    path(ONE + "close/", making.close, name="survey_close"),
    path(ONE + "again/", making.reopen, name="survey_reopen"),
    path(ONE + "try/", trying.show, name="survey_try"),
    path(ONE + "poster/", record.poster, name="survey_poster"),
    path(ONE + "results/", results.show, name="survey_results"),
    path(ONE + "results.xlsx", results.export, name="survey_export"),
    path(ONE + "answers/", listing.answers, name="survey_answers"),
    path(FILLED, answers.show, name="submission"),
    path(FILLED + "aside/", answers.set_aside, name="submission_aside"),
    path(FILLED + "back/", answers.take_back, name="submission_back"),
    path(FILLED + "pictures/<uuid:submission_file>/", answers.picture, name="submission_picture"),
]
