"""A questionnaire to begin with: what a community asks each year, as a workbook that staff change to their own."""

from io import BytesIO

HEADINGS = ("type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance")
QUESTIONS: tuple[tuple[str, ...], ...] = (
    ("start", "start"),
    ("end", "end"),
    ("note", "hello", "谢谢您花三分钟告诉我们家里需要什么。不想答的可以跳过。"),
    ("begin_group", "you", "先说说您自己"),
    ("integer", "age", "您今年多大年纪", "按周岁填", "yes", "", ". >= 14 and . <= 120", "请填 14 到 120 之间的岁数"),
    ("select_one home", "home", "您和谁一起住", "", "yes"),
    ("select_one often", "visit", "平时多久有人来看您一次", "", "", "${home} = 'alone'"),
    ("end_group",),
    ("begin_group", "place", "再说说身边的服务"),
    ("select_multiple hard", "hard", "哪些事您觉得不方便", "可以多选"),
    ("text", "hard_other", "还有什么不方便", "", "", "selected(${hard}, 'other')", "", "", "multiline"),
    ("select_one good", "centre", "您觉得社区的服务点怎么样"),
    ("select_multiple when", "when", "您什么时候有空来", "可以多选"),
    ("end_group",),
    ("begin_group", "ask", "最后，您最想要什么"),
    ("text", "wish", "请用一句话说说您最需要的一件事", "想到什么说什么，写一句就行", "", "", "", "", "multiline"),
    ("integer", "people", "您家有几个人需要", "", "", "${wish} != ''", ". >= 1 and . <= 30", "请填 1 到 30 之间的人数"),
    ("text", "phone", "办好了怎么告诉您", "可以留手机号，不留也行", "", "${wish} != ''", "", "", "numbers"),
    ("end_group",),
)
CHOICES = (
    ("home", "alone", "自己住"),
    ("home", "partner", "和老伴住"),
    ("home", "children", "和儿女住"),
    ("home", "other", "和别人住"),
    ("often", "daily", "天天"),
    ("often", "weekly", "一星期一两次"),
    ("often", "monthly", "一个月一两次"),
    ("often", "seldom", "很少"),
    ("hard", "meal", "吃饭"),
    ("hard", "doctor", "看病拿药"),
    ("hard", "stairs", "上下楼"),
    ("hard", "care", "有人照看"),
    ("hard", "children", "孩子放学后没人管"),
    ("hard", "phone", "用手机办事"),
    ("hard", "company", "没人说话"),
    ("hard", "none", "都方便"),
    ("hard", "other", "别的"),
    ("good", "very", "很好"),
    ("good", "fine", "还行"),
    ("good", "poor", "不太好"),
    ("good", "never", "没去过"),
    ("when", "morning", "平时上午"),
    ("when", "afternoon", "平时下午"),
    ("when", "evening", "晚上"),
    ("when", "weekend", "周末"),
)
FORM_ID, TITLE, VERSION = "resident_needs", "居民需求问卷", "1"


def sheets() -> dict[str, list[list[str]]]:
    """Give the sheets of the questionnaire as rows of text, the headings first."""
    rows = [[*row, *[""] * (len(HEADINGS) - len(row))] for row in QUESTIONS]
    return {
        "survey": [list(HEADINGS), *rows],
        "choices": [["list_name", "name", "label"], *[list(row) for row in CHOICES]],
        "settings": [["form_title", "form_id", "version"], [TITLE, FORM_ID, VERSION]],
    }


def workbook() -> bytes:
    """Give the questionnaire as an XLSX workbook."""
    return as_workbook(sheets())


def as_workbook(pages: dict[str, list[list[str]]]) -> bytes:
    """Write sheets as an XLSX workbook, the headings bold and in view."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F6F5F2", "border": 1})
        for name, rows in pages.items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for column, text in enumerate(row):
                    page.write_string(at, column, text, bold if at == 0 else None)
            page.set_column(0, len(rows[0]) - 1, 22)
    return out.getvalue()
