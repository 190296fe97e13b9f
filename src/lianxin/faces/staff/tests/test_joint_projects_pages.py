"""Projects with neighbours and with a picture: chosen and sent in by the office, shown to everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.models import Division
from lianxin.domain.projects.commands import projects
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.rules.contents import Content
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now
from tests.support.projects import make_need

from .test_door_pages import PIXEL

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


@pytest.fixture
def project(small_district) -> Project:
    """An approved project of 翠英."""
    actor, at = small_district.actor("cuiying1"), now()
    on = local_day(at) + timedelta(days=7)
    with scope.everything():
        need = make_need(small_district.cuiying.pk, title="长椅")
    row = projects.save_project(
        actor=actor,
        project=None,
        content=Content(
            community=small_district.cuiying.pk,
            category=need.category_id,
            title="添长椅",
            from_on=on,
            until_on=on,
            public_text="在小公园。",
            responsible_name="林主任",
            needs=(need.pk,),
        ),
        at=at,
    )
    return projects.approve(actor=actor, project=row.pk, at=at)


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def test_picture_is_sent_in_shown_to_everybody_once_public_and_taken_out(small_district, clerk, project) -> None:
    public = reverse("resident:project_picture", args=[project.pk])
    change = reverse("staff:project_picture_change", args=[project.pk])

    wrong = clerk.post(change, {"picture": SimpleUploadedFile("a.png", b"no picture at all", "image/png")})
    sent = clerk.post(change, {"picture": SimpleUploadedFile("a.png", PIXEL, "image/png")})

    assert wrong.status_code == 422
    assert sent.url == reverse("staff:project", args=[project.pk])
    assert clerk.get(reverse("staff:project_picture", args=[project.pk]))["Content-Type"] == "image/png"
    assert Client().get(public).status_code == 404
    projects.publish(actor=small_district.actor("cuiying1"), project=project.pk, at=now())
    assert Client().get(public)["Content-Type"] == "image/png"
    assert public in Client().get(reverse("resident:project", args=[project.pk])).content.decode()
    clerk.post(reverse("staff:project_picture_remove", args=[project.pk]))
    assert Client().get(public).status_code == 404
    assert public not in Client().get(reverse("resident:project", args=[project.pk])).content.decode()


def test_neighbours_take_part_and_their_needs_are_chosen_too(small_district, clerk, project) -> None:
    home = small_district.cuiying
    with scope.everything():
        beside = Division.objects.create(
            level="community",
            parent=home.parent,
            code="440507999201",
            official_name="隔壁社区居委会",
            short_name="隔壁社区",
            created_on=home.created_on,
        )
        theirs = make_need(beside.pk, title="隔壁也要长椅")
    address = reverse("staff:project_edit", args=[project.pk])
    form = clerk.get(address).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}

    assert str(theirs.pk) not in dict(form.fields["needs"].choices)
    joined = clerk.post(address, sent | {"neighbours": [str(beside.pk)]})
    assert joined.status_code == 302, joined.context["form"].errors
    second = clerk.get(address).context["form"]
    assert second.initial["neighbours"] == [str(beside.pk)]
    assert beside.short_name in dict(second.fields["needs"].choices)[str(theirs.pk)]
    again = {name: value for name, value in second.initial.items() if value not in (None, "")}
    clerk.post(address, again | {"needs": [*again["needs"], str(theirs.pk)]})

    shown = clerk.get(reverse("staff:project", args=[project.pk])).content.decode()
    assert "隔壁也要长椅" in shown
    assert beside.short_name in shown
    assert fresh(project).community_id == home.pk
    projects.publish(actor=small_district.actor("cuiying1"), project=project.pk, at=now())
    assert beside.short_name in Client().get(reverse("resident:project", args=[project.pk])).content.decode()
