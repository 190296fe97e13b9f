"""Imports on their pages: what is wrong is said by row and column, and nothing is half entered."""

import io
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianxin.domain.people.models import Person
from lianxin.platform import scope, tasks
from lianxin.platform.models import Run
from lianxin.platform.sheets import write_workbook

HEADINGS = ["姓名", "与户主关系", "性别", "出生日期", "户号", "身份证号", "社区"]
GOOD = ["林测试", "户主", "女", "1950-01-31", "900001", "", ""]


def workbook(*rows, headings=HEADINGS):
    return SimpleUploadedFile("居民.xlsx", write_workbook(sheet="居民", headings=headings, rows=rows))


def send(client, upload, **more):
    return client.post(
        reverse("staff:import_new"), {"kind": "people.residents", "key": str(uuid4()), "file": upload, **more}
    )


def work():
    with scope.everything():
        while tasks.run_one(worker="test", lane=tasks.LONG, at=datetime.now(UTC)):
            pass


def newest_run():
    return Run.objects.order_by("-created_at", "-pk").first()


def people_called(name):
    with scope.everything():
        return Person.objects.filter(name=name).count()


@pytest.fixture
def office(small_district, client):
    small_district.log_in(client, "cuiying1")
    return client


def page_of(client, run):
    return client.get(reverse("staff:import", kwargs={"run": run.pk})).content.decode()


def test_a_table_is_checked_then_entered_then_taken_back(office):
    answer = send(office, workbook(GOOD))
    run = newest_run()
    work()
    checked = people_called("林测试")
    office.post(reverse("staff:import_apply", kwargs={"run": run.pk}), {"key": str(uuid4())})
    work()
    entered = people_called("林测试")
    office.post(reverse("staff:import_undo", kwargs={"run": run.pk}), {"key": str(uuid4()), "reason": "送错了表"})
    work()

    assert answer.url == reverse("staff:import", kwargs={"run": run.pk})
    assert (checked, entered, people_called("林测试")) == (0, 1, 0)
    assert "都已撤回" in page_of(office, run)


def test_progress_is_polled_and_ends_by_loading_the_page_anew(office):
    send(office, workbook(GOOD))
    run = newest_run()
    address = reverse("staff:import_progress", kwargs={"run": run.pk})
    meanwhile = office.get(address, headers={"HX-Request": "true"})
    page = page_of(office, run)
    work()
    after = office.get(address, headers={"HX-Request": "true"})

    assert "every 2s" in meanwhile.content.decode()
    assert "HX-Refresh" not in meanwhile.headers
    assert 'http-equiv="refresh"' in page
    assert after.headers["HX-Refresh"] == "true"


def test_wrong_rows_are_named_by_row_and_column_and_come_back_marked(office):
    wrong = ["陈测试", "户主", "女", "1950-13-41", "900002", "", ""]
    send(office, workbook(GOOD, wrong))
    run = newest_run()
    work()
    page = page_of(office, run)
    marked = office.get(reverse("staff:import_marked", kwargs={"run": run.pk}))

    assert "出生日期" in page
    assert ">3<" in page
    assert marked.content.startswith(b"PK")
    assert people_called("林测试") == 0


def test_without_a_good_row_nothing_can_be_entered(office):
    send(office, workbook(["陈测试", "户主", "女", "1950-13-41", "900002", "", ""]))
    run = newest_run()
    work()
    answer = office.post(reverse("staff:import_apply", kwargs={"run": run.pk}), {"key": str(uuid4())}, follow=True)

    assert "没有可以录入的行" in answer.content.decode()
    assert newest_run().state == Run.State.STAGED


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"broken" * 200), "坏了"),
        (workbook(["甲", "乙"], headings=["颜色", "尺寸"]), "缺这些列"),
        (workbook(), "只有表头"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(office, upload, sentence):
    upload.seek(0)
    answer = send(office, upload)
    work()

    shown = answer.content.decode() if answer.status_code == 422 else page_of(office, newest_run())
    assert sentence in shown
    assert "Traceback" not in shown


def test_a_picture_is_no_table(office):
    answer = send(office, SimpleUploadedFile("a.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 500))

    assert answer.status_code == 422
    assert Run.objects.count() == 0


def test_an_empty_file_is_refused(office):
    answer = send(office, SimpleUploadedFile("a.csv", b""))

    assert answer.status_code == 422
    assert Run.objects.count() == 0


def test_a_file_over_the_limit_is_answered_with_413_and_the_limit(office, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    answer = send(office, SimpleUploadedFile("a.csv", b"a,b\n" * 400_000))

    assert answer.status_code == 413
    assert "1 MB" in answer.content.decode()
    assert Run.objects.count() == 0


def test_a_csv_in_gb18030_with_full_width_digits_is_read(office):
    text = "姓名,与户主关系,性别,出生日期,户号\n林测试,户主,女,１９５０-０１-３１,900001\n"
    send(office, SimpleUploadedFile("居民.csv", text.encode("gb18030")))
    work()

    run = newest_run()
    assert (run.state, run.rows_good, run.rows_wrong) == (Run.State.STAGED, 1, 0)


def test_a_cell_of_ten_megabytes_is_one_wrong_row(office):
    text = "姓名,与户主关系,性别,出生日期,户号\n" + "林" * 3_500_000 + ",户主,女,1950-01-31,900001\n"
    send(office, SimpleUploadedFile("居民.csv", text.encode()))
    work()

    run = newest_run()
    assert run.state in (Run.State.STAGED, Run.State.REFUSED)
    assert run.rows_good == 0


def test_the_same_id_number_twice_and_an_unknown_community_are_named(office):
    number = "11010519491231002X"
    send(
        office,
        workbook(
            ["林测试", "户主", "", "", "900001", number, ""],
            ["陈测试", "户主", "", "", "900002", number, ""],
            ["黄测试", "户主", "女", "1950-01-31", "900003", "", "没有这个社区"],
        ),
    )
    run = newest_run()
    work()
    page = page_of(office, run)

    run.refresh_from_db()
    assert run.rows_wrong == 2
    assert ">3<" in page
    assert ">4<" in page
    assert "身份证号" in page


def test_sending_the_same_form_twice_makes_one_import(office):
    key = str(uuid4())
    for _time in range(2):
        send(office, workbook(GOOD), key=key)

    assert Run.objects.count() == 1


def test_somebody_elses_import_does_not_exist(small_district, client, office):
    send(office, workbook(GOOD))
    run = newest_run()
    small_district.log_in(client, "jinzhou1")

    names = ("import", "import_progress", "import_marked", "import_undo")
    answers = {client.get(reverse(f"staff:{name}", kwargs={"run": run.pk})).status_code for name in names}
    pressed = client.post(reverse("staff:import_apply", kwargs={"run": run.pk})).status_code

    assert answers | {pressed} == {404}


@pytest.mark.parametrize("who", ["district", "host", "merchant", "system", "audit"])
def test_imports_do_not_exist_for_those_who_may_not_import(small_district, client, who):
    small_district.log_in(client, who)

    names = ("imports", "imports_export", "imports_print", "import_new")
    assert {client.get(reverse(f"staff:{name}")).status_code for name in names} == {404}


def test_another_offices_community_cannot_be_chosen(small_district, client):
    small_district.log_in(client, "xinjin")
    answer = send(client, workbook(GOOD), community=str(small_district.jinzhou_village.pk))

    assert answer.status_code in (302, 404, 422)
    community = (newest_run().options if Run.objects.exists() else {}).get("community", "")
    assert community != str(small_district.jinzhou_village.pk)


def test_a_wrong_method_is_answered_and_changes_nothing(office):
    send(office, workbook(GOOD))
    run = newest_run()

    assert office.get(reverse("staff:import_apply", kwargs={"run": run.pk})).status_code == 405
    assert office.post(reverse("staff:import_marked", kwargs={"run": run.pk})).status_code == 405


def test_the_template_is_a_workbook_that_the_import_reads(office):
    answer = office.get(reverse("staff:import_template", kwargs={"kind": "people.residents"}))
    missing = office.get(reverse("staff:import_template", kwargs={"kind": "people.nothing"}))

    assert io.BytesIO(answer.content).read(2) == b"PK"
    assert missing.status_code == 404


def test_list_costs_the_same_for_one_import_and_for_forty(office, django_assert_max_num_queries):
    send(office, workbook(GOOD))
    first = newest_run()
    Run.objects.bulk_create(
        Run(
            kind=first.kind,
            title=f"{number}.xlsx",
            state="DONE",
            asked_by=UUID(str(first.asked_by)),
            created_at=first.created_at,
        )
        for number in range(40)
    )

    with django_assert_max_num_queries(12):
        answer = office.get(reverse("staff:imports"))

    assert "39.xlsx" in answer.content.decode()
