"""Addresses of the pages of projects, editions and matching."""

from django.urls import path

from . import edition_steps, editions, matching, project_forms, project_steps, projects, proposals

urlpatterns = [
    path("projects/", projects.show_list, name="projects"),
    path("projects/new/", projects.begin, name="project_begin"),
    path("projects/<uuid:community>/new/", project_forms.new, name="project_new"),
    path("projects/<uuid:project>/", projects.show, name="project"),
    path("projects/<uuid:project>/edit/", project_forms.edit, name="project_edit"),
    path("projects/<uuid:project>/approve/", project_steps.approve, name="project_approve"),
    path("projects/<uuid:project>/publish/", project_steps.publish, name="project_publish"),
    path("projects/<uuid:project>/activity/", project_steps.plan_activity, name="project_activity"),
    path("projects/<uuid:project>/finish/", project_steps.finish, name="project_finish"),
    path("projects/<uuid:project>/review/", project_steps.review, name="project_review"),
    path("projects/<uuid:project>/cancel/", project_steps.cancel, name="project_cancel"),
    path("projects/editions/", editions.show_list, name="editions"),
    path("projects/editions/<uuid:community>/new/", edition_steps.new, name="edition_new"),
    path("projects/editions/<uuid:edition>/", editions.show, name="edition"),
    path("projects/editions/<uuid:edition>/introduction/", edition_steps.introduce, name="edition_introduce"),
    path("projects/editions/<uuid:edition>/issue/", edition_steps.issue, name="edition_issue"),
    path("projects/editions/<uuid:edition>/anew/", edition_steps.redraft, name="edition_redraft"),
    path("projects/editions/<uuid:edition>/drop/", edition_steps.drop, name="edition_drop"),
    path("projects/editions/<uuid:edition>/sent/", edition_steps.note_sent, name="edition_sent"),
    path("projects/editions/<uuid:edition>/paper/", editions.show_paper, name="edition_print"),
    path("projects/matching/", matching.show_list, name="matching"),
    path("projects/matching/new/", matching.new, name="match_new"),
    path("projects/matching/<uuid:match_run>/", matching.show, name="match_run"),
    path("projects/matching/<uuid:match_run>/again/", matching.again, name="match_again"),
    path("projects/matching/proposals/<uuid:proposal>/", proposals.show, name="proposal"),
    path("projects/matching/proposals/<uuid:proposal>/accept/", proposals.accept, name="proposal_accept"),
    path("projects/matching/proposals/<uuid:proposal>/refuse/", proposals.refuse, name="proposal_refuse"),
    path("projects/matching/proposals/<uuid:proposal>/hold/", proposals.lock, name="proposal_lock"),
]
