"""Words that files use for relations, sexes and residence, and the shapes of names, mobiles and days."""

import re
from collections.abc import Mapping

NAME = re.compile(r"[^\W\d_]+(?:[·•・ .'’-][^\W\d_]+)*\.?")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")

RELATIONS = {
    "户主": "head", "本人": "head", "本人或户主": "head",
    "配偶": "spouse", "妻": "spouse", "妻子": "spouse", "夫": "spouse", "丈夫": "spouse",
    "子": "child", "女": "child", "子女": "child", "儿子": "child", "女儿": "child", "长子": "child", "次子": "child",
    "长女": "child", "次女": "child", "三子": "child", "三女": "child", "独生子": "child", "独生女": "child",
    "儿媳": "child_in_law", "女婿": "child_in_law", "媳妇": "child_in_law",
    "父": "parent", "母": "parent", "父亲": "parent", "母亲": "parent", "父母": "parent", "岳父": "parent",
    "岳母": "parent", "公公": "parent", "婆婆": "parent", "家公": "parent", "家婆": "parent",
    "祖父": "grandparent", "祖母": "grandparent", "祖父母": "grandparent", "外祖父": "grandparent",
    "外祖母": "grandparent", "爷爷": "grandparent", "奶奶": "grandparent",
    "孙": "grandchild", "孙子": "grandchild", "孙女": "grandchild", "外孙": "grandchild", "外孙女": "grandchild",
    "孙子女": "grandchild", "外孙子女": "grandchild",
    "兄": "sibling", "弟": "sibling", "姐": "sibling", "妹": "sibling", "兄弟": "sibling", "姐妹": "sibling",
    "兄弟姐妹": "sibling", "哥哥": "sibling", "弟弟": "sibling", "姐姐": "sibling", "妹妹": "sibling",
    "其他亲属": "other_kin", "亲属": "other_kin", "侄": "other_kin", "侄子": "other_kin", "侄女": "other_kin",
    "外甥": "other_kin", "外甥女": "other_kin", "其他": "other_kin",
    "非亲属": "not_kin", "保姆": "not_kin", "租客": "not_kin", "租户": "not_kin",
    "head": "head", "spouse": "spouse", "child": "child", "child_in_law": "child_in_law", "parent": "parent",
    "grandparent": "grandparent", "grandchild": "grandchild", "sibling": "sibling", "other_kin": "other_kin",
    "not_kin": "not_kin",
}  # fmt: skip
SEXES = {"男": "m", "女": "f", "男性": "m", "女性": "f", "m": "m", "f": "f", "male": "m", "female": "f"}
RESIDENCES = {
    "户籍": "registered", "户籍人口": "registered", "户在人在": "registered", "本地户籍": "registered",
    "常住": "resident", "常住人口": "resident", "人在户不在": "resident", "人户分离": "resident",
    "流动": "floating", "流动人口": "floating", "暂住": "floating", "租住": "floating",
    "registered": "registered", "resident": "resident", "floating": "floating",
}  # fmt: skip
TICKS = {
    "是": True, "有": True, "y": True, "yes": True, "1": True, "√": True, "✓": True, "true": True,
    "否": False, "无": False, "n": False, "no": False, "0": False, "×": False, "false": False,
}  # fmt: skip


def examples(known: Mapping[str, str]) -> list[str]:
    """Give the first word of each meaning, for telling what may be written."""
    first: dict[str, str] = {}
    for word, meaning in known.items():
        first.setdefault(meaning, word)
    return list(first.values())
