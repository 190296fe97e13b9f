"""The columns of a workbook of offers, as it comes in and goes out."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.platform.sheets import Column

COLUMNS = (
    Column(
        "community",
        gettext_lazy("Community"),
        ("社区", "村", "村社区", "村(社区)", "所属社区"),
        example="翠英社区",
        note=gettext_lazy("Name or 12-digit code; may be left out when you import for one community"),
    ),
    Column(
        "title",
        gettext_lazy("What is offered"),
        ("资源名称", "名称", "服务名称", "项目名称", "资源"),
        required=True,
        example="律师法律咨询",
    ),
    Column(
        "kind",
        pgettext_lazy("offer", "Kind"),
        ("资源类型", "类型", "类别类型", "种类"),
        example="技能",
        note=gettext_lazy("场地, 技能, 物资, 人力 or 资金"),
    ),
    Column(
        "organisation",
        pgettext_lazy("offer", "Who gives it"),
        ("提供单位", "单位", "共建单位", "单位名称", "提供方", "机构"),
        required=True,
        example="示例律师事务所",
        note=gettext_lazy("Name or unified social credit code; a name not on record is registered as a partner"),
    ),
    Column(
        "categories",
        gettext_lazy("Categories"),
        ("服务类别", "服务分类", "对应服务", "类别"),
        required=True,
        example="C04:3、C05",
        note=gettext_lazy("Codes or names; after a colon how well: 3 its own trade, 2 well, 1 can help"),
    ),
    Column("seats", gettext_lazy("People at one time"), ("每次人数", "容量", "人数", "服务人数"), example="20"),
    Column("least_people", gettext_lazy("Least people"), ("最少人数", "起办人数"), example="3"),
    Column("minutes", gettext_lazy("Minutes each time"), ("每次分钟", "时长", "每次时长"), example="120"),
    Column("times", gettext_lazy("How often"), ("次数", "可提供次数"), example="2"),
    Column("every", gettext_lazy("In each"), ("周期", "频率"), example="月", note=gettext_lazy("周, 月, 季 or 共")),
    Column("quantity", pgettext_lazy("offer", "Amount"), ("数量", "总量", "金额")),
    Column("unit", gettext_lazy("Unit"), ("单位名", "计量单位")),
    Column("cost", gettext_lazy("Costs (yuan)"), ("费用", "收费", "费用(元)"), example="0"),
    Column(
        "reach",
        gettext_lazy("How far it goes"),
        ("服务范围", "范围", "覆盖范围"),
        example="2000",
        note=gettext_lazy("本社区, 本街道, 全区, or a number of metres"),
    ),
    Column(
        "weekly",
        gettext_lazy("Weekly times"),
        ("可用时间", "服务时间", "时间", "每周时间"),
        example="周一 19:00-21:00；周六 9:00-11:30",
        note=gettext_lazy("Left empty: by arrangement"),
    ),
    Column("from_on", gettext_lazy("From day"), ("开始日期", "起始日期", "自")),
    Column("until_on", gettext_lazy("Until day"), ("结束日期", "截止日期", "至", "有效期至")),
    Column("place", gettext_lazy("Where it is"), ("地点", "地址", "场地地址")),
    Column("needs_venue", gettext_lazy("Needs a place"), ("需要场地", "是否需要场地"), example="是", note="是 / 否"),
    Column("conditions", gettext_lazy("Conditions"), ("条件", "提供条件", "要求")),
    Column("description", gettext_lazy("Description"), ("说明", "内容", "简介", "服务内容", "备注")),
    Column("contact_name", gettext_lazy("Contact person"), ("联系人", "负责人")),
    Column(
        "assured_on",
        gettext_lazy("Assured on"),
        ("核实日期", "确认日期"),
        note=gettext_lazy("When somebody last asked the giver; left empty, it has to be assured first"),
    ),
    Column("source", gettext_lazy("Source"), ("来源",), note=gettext_lazy("Only for data from another system")),
    Column("source_id", gettext_lazy("Number there"), ("来源编号",)),
)
NAMES = tuple(column.name for column in COLUMNS)
