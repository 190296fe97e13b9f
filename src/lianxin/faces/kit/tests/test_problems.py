import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory
from django.utils.translation import override

from lianxin.faces.kit import problems
from lianxin.platform.errors import Invalid, Problem, Refused

# The page's footer asks whether the district is a sample.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def asked(path="/places/", method="get", **headers):
    request = getattr(RequestFactory(headers=headers), method)(path)
    request.LANGUAGE_CODE = "en"
    return request


def through(request, view):
    middleware = problems.ProblemMiddleware(view)
    try:
        return middleware(request)
    except (Problem, Http404) as exception:
        return middleware.process_exception(request, exception)


def raising(exception):
    def view(request):
        raise exception

    return view


def test_a_person_gets_a_page_with_the_sentence():
    response = through(asked(), raising(Refused("Closed today.")))

    assert response.status_code == 409
    assert "Closed today." in response.content.decode()
    assert "<html" in response.content.decode()


def test_a_sentence_is_escaped():
    response = through(asked(), raising(Refused("<script>x</script>")))

    assert "<script>x</script>" not in response.content.decode()


def test_a_page_offers_the_way_back_to_where_one_came_from():
    response = through(asked(Referer="http://testserver/people/new/"), raising(Refused("No.")))

    assert 'href="http://testserver/people/new/"' in response.content.decode()


def test_a_page_never_offers_a_way_to_another_site():
    response = through(asked(Referer="https://elsewhere.example/"), raising(Refused("No.")))

    assert "elsewhere.example" not in response.content.decode()


def test_a_program_gets_a_problem_object():
    response = through(asked("/api/v1/venues/"), raising(Invalid("Check it.", fields={"area": ["Too small."]})))

    body = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert (body["status"], body["detail"], body["instance"]) == (422, "Check it.", "/api/v1/venues/")
    assert body["errors"] == {"area": ["Too small."]}


def test_a_part_of_a_page_gets_a_banner_for_the_messages():
    response = through(asked(**{"HX-Request": "true"}), raising(Refused("Closed today.")))

    assert response["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()


def test_a_wrong_method_gets_a_sentence_and_the_allowed_methods():
    response = through(asked(method="delete"), lambda request: HttpResponseNotAllowed(["GET"]))

    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert "buttons on the page" in response.content.decode()


def test_a_program_gets_a_problem_object_for_a_wrong_method():
    plain = HttpResponseNotAllowed(["GET"], content=b"Method not allowed")

    response = through(asked("/api/v1/venues/", method="delete"), lambda request: plain)

    assert (response["Content-Type"], response["Allow"]) == ("application/problem+json", "GET")


def test_what_is_too_large_is_said_to_be_too_large():
    response = problems.bad_request(asked(), RequestDataTooBig())

    assert response.status_code == 413
    assert "too large" in response.content.decode()


def test_a_missing_page_names_no_reason_that_would_give_it_away():
    response = through(asked(), raising(Http404("Venue 17 is in another community")))

    assert response.status_code == 404
    assert "another community" not in response.content.decode()


def test_a_fault_of_ours_is_left_to_the_error_handler():
    assert problems.ProblemMiddleware(HttpResponse).process_exception(asked(), ValueError("x")) is None


def test_the_error_page_answers_even_when_its_template_fails(monkeypatch):
    monkeypatch.setattr(problems, "render_to_string", raising_any(OSError("disk")))

    response = problems.server_error(asked())

    assert response.status_code == 500
    assert "<h1>" in response.content.decode()


def raising_any(exception):
    def call(*args, **kwargs):
        raise exception

    return call


def test_an_expired_form_says_what_to_do():
    response = problems.csrf_failure(asked(), reason="CSRF cookie not set.")

    assert response.status_code == 403
    assert "reload the page" in response.content.decode()
    assert "CSRF" not in response.content.decode()


@pytest.mark.parametrize("path", ["/places/?text=%00", "/api/v1/venues?amenity=a%00b", "/search/?q=%E9%BE%99%00"])
def test_a_character_that_no_text_holds_is_not_looked_for(client, path):
    answered = client.get(path)

    assert answered.status_code == 200
    assert "\0" not in answered.content.decode()


@pytest.mark.postgresql_only
def test_a_character_that_no_text_holds_is_named_where_an_address_has_it(client):
    answered = client.get("/year/2024/%00/")

    assert answered.status_code == 400
    assert "请重新输入" in answered.content.decode()


def test_a_database_that_refuses_the_character_is_understood():
    error = DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")

    assert isinstance(problems.problem_of(error, request=asked()), problems.OddCharacter)
    assert problems.problem_of(DataError("value too long"), request=asked()) is None
