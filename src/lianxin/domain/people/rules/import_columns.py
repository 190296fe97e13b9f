"""The columns of a residents' workbook: what they are called, here and in files that communities already have."""

from django.utils.translation import gettext_lazy

from lianxin.platform.sheets import Column

COLUMNS = (
    Column(
        "community",
        gettext_lazy("Community"),
        (
            "村(社区)",
            "村社区",
            "社区",
            "村",
            "村居",
            "所属社区",
            "所属村居",
            "居委会",
            "村委会",
            "社区名称",
            "区划代码",
        ),
        example="翠英社区",
        note=gettext_lazy("Name or 12-digit code; may be left out when you import for one community"),
    ),
    Column(
        "household_number",
        gettext_lazy("Household number"),
        ("户号", "户编号", "家庭编号", "户籍编号", "档案号"),
        example="000001",
        note=gettext_lazy("The same for all members of a family; or leave it empty and give the address"),
    ),
    Column(
        "address",
        gettext_lazy("Address"),
        ("住址", "地址", "居住地址", "现住址", "家庭住址", "详细地址"),
        example="示例路1号",
    ),
    Column("building", gettext_lazy("Building"), ("楼栋", "栋", "幢", "楼号", "栋号"), example="3栋"),
    Column("unit", gettext_lazy("Stairwell"), ("单元", "梯", "单元号"), example="2单元"),
    Column("room", gettext_lazy("Room number"), ("房号", "室", "房间号", "门牌号"), example="501"),
    Column("name", gettext_lazy("Name"), ("姓名", "居民姓名", "名字"), required=True, example="陈示例"),
    Column(
        "relation",
        gettext_lazy("Relation to the head"),
        ("与户主关系", "关系", "户主关系", "家庭关系", "成员关系"),
        required=True,
        example="户主",
    ),
    Column("sex", gettext_lazy("Sex"), ("性别",), example="女"),
    Column(
        "birth_on", gettext_lazy("Date of birth"), ("出生日期", "出生年月日", "生日", "出生年月"), example="1950-01-31"
    ),
    Column(
        "id_number",
        gettext_lazy("ID number"),
        ("身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码", "证件号"),
        note=gettext_lazy("As text, 18 characters; may be empty when the date of birth is given"),
    ),
    Column(
        "phone",
        gettext_lazy("Phone"),
        ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式"),
        example="13800138000",
    ),
    Column(
        "residence",
        gettext_lazy("Residence"),
        ("户籍类型", "居住类型", "人口类型", "人员类型", "居住情况"),
        example="户籍",
        note=gettext_lazy("户籍 (registered), 常住 (resident) or 流动 (floating)"),
    ),
    Column("prefers_teochew", gettext_lazy("Speaks Teochew"), ("讲潮汕话", "潮汕话", "习惯讲潮汕话"), example="是"),
    Column("prefers_large_print", gettext_lazy("Large print"), ("大字", "大字版", "需要大字"), example="是"),
    Column("no_phone", gettext_lazy("No phone"), ("无手机", "没有手机"), example="否"),
    Column("name_latin", gettext_lazy("Name in Latin letters"), ("外文名", "拉丁字母姓名", "英文名")),
)
