"""Every component on one page per face, with made-up content in Chinese; mounted only where samples are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.faces.kit.charts import Chart, Point, Series
from lianxin.faces.kit.tables import Column, table
from lianxin.faces.kit.timelines import Happening
from lianxin.platform import deployment
from lianxin.platform.errors import Missing, Refused

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
COLUMNS = (
    Column("姓名", sort="name"),
    Column("电话"),
    Column("住址", sort="address"),
    Column("户内人数", sort="members", numeric=True),
    Column("状态"),
)
NAMES = ("陈淑卿", "林木松", "蔡妙吟", "黄锡藩", "郑楚娟", "谢𡐓生", "吴绵雄")
MARKERS = (
    ("金珠社区党群服务中心", 23.3651, 116.7226, "centre", "今天开到晚上9:00"),
    ("翠英社区党群服务中心", 23.3702, 116.7143, "centre", "今天开到下午6:00"),
    ("大衙村党群服务中心", 23.4291, 116.7562, "upgrade", "正在改造，春节后开放"),
    ("万象城党群服务站", 23.3576, 116.7301, "station", "有饮水、充电、休息座"),
)
OUTLINE = {
    "type": "Polygon",
    "coordinates": [
        [[116.69, 23.33], [116.76, 23.34], [116.79, 23.4], [116.77, 23.45], [116.72, 23.44], [116.69, 23.33]]
    ],
}


class ResidentForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="手机号", help_text="11 位数字，用来收通知。")
    area = forms.DecimalField(label="面积", required=False)
    community = forms.ChoiceField(label="社区", choices=[("a", "金珠社区"), ("b", "翠英社区")])
    way = forms.ChoiceField(label="怎样联系您", choices=[("p", "打电话"), ("m", "发短信")], widget=forms.RadioSelect)
    born = forms.DateField(label="生日", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label="我同意社区用这个号码联系我")


class FilterForm(forms.Form):
    """A filter bar's fields."""

    words = forms.CharField(label="姓名或拼音", required=False)
    community = forms.ChoiceField(
        label="社区", required=False, choices=[("", "全部"), ("a", "金珠社区"), ("b", "翠英社区")]
    )


def people() -> list[SimpleNamespace]:
    """Rows enough for several pages."""
    return [
        SimpleNamespace(
            pk=n,
            name=NAMES[n % 7],
            phone=f"138{n:04d}1234",
            address=f"金珠路{n + 1}号",
            members=1 + n % 5,
            moved=n % 4 == 3,
        )
        for n in range(24)
    ]


def timeline() -> list[Happening]:
    """What happened to a record, newest first."""
    return [
        Happening(
            at=AT,
            title="电话改了",
            who="王晓敏",
            on_behalf_of="陈淑卿",
            via="desk",
            reason="本人到窗口说明",
            changes=(("手机号", "138****1234", "139****8800"),),
        ),
        Happening(at=AT - timedelta(days=40), title="登记入户", who="林志强", via="import"),
    ]


def parts(request: HttpRequest) -> dict[str, Any]:
    """Content for every component."""
    wrong = ResidentForm({"name": "陈淑卿", "phone": "138"})
    wrong.add_error("phone", "号码少了几位，请看是不是 11 位数字。")
    return {
        "at": AT,
        "form": ResidentForm(),
        "wrong_form": wrong,
        "filter_form": FilterForm(request.GET or None),
        "table": table(request, rows=people(), columns=COLUMNS, default_sort="name", per_page=10),
        "no_rows": table(request, rows=[], columns=COLUMNS),
        "entries": timeline(),
        "facts": [
            ("电话", "138****1234", "tel:12345"),
            ("出生", "1949年3月"),
            ("身份证", "4405**********0023"),
            ("网格", None),
        ],
        "crumbs": [("居民", "/kit/"), ("金珠社区", "/kit/"), ("陈*卿", "")],
        "tabs": [("基本情况", "/kit/", True, ""), ("家庭", "/kit/", False, 3), ("记录", "/kit/", False, 12)],
        "bulk_actions": [("move", "迁到别的户"), ("print", "打印卡片")],
        "consequences": ["这一户的 3 口人会一起迁到翠英社区。", "存折和记录跟着人走，原社区保留历史。"],
        "values": [12, 18, 15, 22, 30, 28, 34],
        "hidden": [("to", "b")],
        "charts": charts(),
        "map_data": {
            "outline": OUTLINE,
            "markers": [
                {"title": title, "lat": lat, "lng": lng, "kind": kind, "text": text, "url": "/kit/"}
                for title, lat, lng, kind, text in MARKERS
            ],
        },
    }


def charts() -> list[Chart]:
    """One chart of each kind."""
    months = [Point(f"{n}月", "/kit/") for n in range(1, 13)]
    came = [3483, 3745, 5057, 4363, 5881, 6487, 6932, 7187, 5527, 5358, 7330, 6469]
    helped = [260, 301, 355, None, 402, 455, 470, 498, 380, 377, 510, 460]
    streets = [Point(name, "/kit/") for name in ("金霞街道", "珠池街道", "新津街道", "鸥汀街道")]
    days = [date(2024, 7, 1) + timedelta(days=n) for n in range(92)]
    return [
        Chart("line", "人次和志愿服务人次", "月份", months, [Series("人次", came), Series("志愿服务", helped)], "人次"),
        Chart("bar", "各街道人次", "街道", streets, [Series("人次", came[:4])], "人次"),
        Chart(
            "stacked",
            "各街道诉求",
            "街道",
            streets,
            [Series("简易", [9, 7, 12, 3]), Series("快办", [2, 4, 1, 2])],
            "件",
        ),
        Chart(
            "scatter", "人口和人次", "街道", streets, [Series("居民", [900, 1300, 1700, 800]), Series("人次", came[:4])]
        ),
        Chart(
            "calendar",
            "逐日人次",
            "日期",
            [Point(f"{on.month}月{on.day}日", on=on) for on in days],
            [Series("人次", [(on.day * 7 + on.month) % 60 if on.weekday() != 1 else 0 for on in days])],
            "人次",
        ),
        Chart("spark", "近半年人次", "月份", months[6:], [Series("人次", came[6:])], "人次"),
    ]


def where_samples_are_shown(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Hide a page of the gallery from a real district."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        if not (settings.DEBUG or deployment.is_sample()):
            raise Missing
        return view(request)

    return shown


@where_samples_are_shown
def index(request: HttpRequest) -> HttpResponse:
    """Show the components as a resident meets them."""
    return render(request, "kit/gallery_resident.html", parts(request))


@where_samples_are_shown
def staff(request: HttpRequest) -> HttpResponse:
    """Show the components in the office console."""
    return render(request, "kit/gallery_staff.html", parts(request))


@where_samples_are_shown
def district(request: HttpRequest) -> HttpResponse:
    """Show the components in the department's pages."""
    return render(request, "kit/gallery_district.html", parts(request))


@where_samples_are_shown
def sheet(request: HttpRequest) -> HttpResponse:
    """Show a printed list."""
    context = {
        "sheet_title": "金珠社区入户名单",
        "sheet_place": "龙祥街道 金珠社区",
        "sheet_period": "2026年11月",
        "sheet_url": request.build_absolute_uri("/kit/"),
        "printed_at": AT,
        "rows": people() * 3,
        "back_url": "/kit/",
    }
    return render(request, "kit/gallery_print.html", context)


@where_samples_are_shown
def progress(request: HttpRequest) -> HttpResponse:
    """Give the polled part: each request is a step further, then it ends."""
    step = min(10, int(request.GET.get("step", "0") if request.GET.get("step", "0").isdecimal() else 0) + 1)
    context = {
        "title": "导入居民名单",
        "done": step * 1000,
        "total": 10000,
        "finished": step == 10,
        "poll_url": f"{request.path}?step={step}",
        "next_url": "/kit/staff/",
        "next_text": "看看导入了谁",
    }
    return render(request, "kit/progress.html", context)


@where_samples_are_shown
def problem(request: HttpRequest) -> HttpResponse:
    """Show the sentence page of a refused act."""
    raise Refused("这个服务点今天休息，明天上午8:30开门。")
