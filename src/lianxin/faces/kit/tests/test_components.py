import re
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.templatetags import kit
from lianxin.faces.kit.timelines import happenings
from lianxin.platform.errors import Invalid


class PhoneForm(forms.Form):
    phone = forms.CharField(help_text="11 digits")
    way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, required=False)


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def drawn(text, **context):
    request = RequestFactory().get("/people/?q=lin&page=2")
    return Template(text).render(Context({"request": request, **context}))


def test_a_field_ties_help_and_error_to_its_input():
    form = PhoneForm({"phone": ""})

    html = drawn("{% field form.phone %}", form=form)

    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert described
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html
    assert "required" in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = drawn("{% field form.way %}", form=PhoneForm())

    assert "<fieldset" in html
    assert "<legend>" in html


def test_a_problem_keeps_what_was_typed_and_stands_at_its_field():
    form = PhoneForm({"phone": "138"})
    form.full_clean()

    add_problem(form, Invalid("Check.", fields={"phone": ["The number is too short."], "other": ["Elsewhere."]}))

    assert form.errors["phone"] == ["The number is too short."]
    assert form.non_field_errors() == ["Elsewhere."]
    assert 'value="138"' in str(form["phone"])


def test_a_problem_without_fields_stands_above_the_form():
    form = PhoneForm({"phone": "138"})
    form.full_clean()

    add_problem(form, Invalid("The year is closed."))

    assert form.non_field_errors() == ["The year is closed."]


@pytest.mark.parametrize("tone", kit.TONES)
def test_a_state_has_a_word_and_an_icon(tone):
    html = kit.state_chip("open", tone)

    assert "open" in html
    assert f"#{kit.TONES[tone]}" in html


def test_a_state_word_is_escaped():
    assert "<b>" not in kit.state_chip("<b>", "done")


def test_a_qr_code_has_a_name_and_no_text_of_its_own():
    html = kit.qr('"><script>', label="My card")

    assert 'aria-label="My card"' in html
    assert "<script>" not in html


def test_an_empty_list_offers_the_first_step():
    html = drawn(
        '{% include "kit/table.html" with empty_title="No one yet." empty_url="/new/" empty_link="Add" %}',
        table=SimpleNamespace(count=0),
    )

    assert "No one yet." in html
    assert 'href="/new/"' in html


def test_a_finished_progress_bar_stops_asking():
    running = drawn('{% include "kit/progress.html" with title="Import" done=1 total=4 poll_url="/p/" %}')
    ended = drawn('{% include "kit/progress.html" with title="Import" done=4 total=4 poll_url="/p/" finished=True %}')

    assert 'hx-trigger="every 2s"' in running
    assert "25%" in running
    assert "hx-get" not in ended


def test_a_timeline_names_who_acted_and_for_whom():
    entry = SimpleNamespace(
        at=None,
        action="people.change_phone",
        verb="changed",
        actor_name="Wang",
        via="desk",
        on_behalf_of="p1",
        reason="came in person",
        change={"phone": ["a", "b"], "source": "form"},
    )

    lines = happenings([entry], titles={"people.change_phone": "Phone changed"}, names={"p1": "Chen"})
    html = drawn('{% include "kit/timeline.html" %}', entries=lines)

    assert "Wang on behalf of Chen" in html
    assert "at the desk" in html
    assert lines[0].changes == (("phone", "a", "b"),)


def test_a_link_to_a_page_that_does_not_exist_is_empty():
    assert kit.link_to("nowhere:page") == ""


@pytest.mark.parametrize(("values", "points"), [([], 0), ([5], 0), ([1, 3, 2], 3), ([4, 4], 2)])
def test_a_sparkline_needs_two_figures(values, points):
    html = str(kit.sparkline(values))

    found = re.search(r'points="([^"]*)"', html)
    assert len(found[1].split() if found else []) == points
