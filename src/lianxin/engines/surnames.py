"""How surnames are read where the common reading of the character is another, and the surnames of two characters."""

_SINGLE = (
    "单:shan 仇:qiu 曾:zeng 查:zha 区:ou 盖:ge 任:ren 华:hua 解:xie 翟:zhai 佘:she 仉:zhang 缪:miao 朴:piao "
    "尉:wei 冼:xian 洗:xian 员:yun 黑:he 秘:bi 折:she 乐:yue 覃:qin 召:shao 繁:po 种:chong 重:chong 句:gou "
    "逄:pang 隗:wei 哈:ha 燕:yan 纪:ji 宁:ning 应:ying 祭:zhai 谌:chen 牟:mu 那:na 都:du 过:guo 令:ling "
    "万:wan 俞:yu 石:shi 沈:shen 车:che 郇:xun 妫:gui 藏:zang 晟:cheng 不:fou 教:jiao 莘:shen 么:yao 晁:chao "
    "卜:bu 柏:bai 褚:chu 薄:bo 贲:ben 瞿:qu 郗:xi 缴:jiao 阚:kan 夏:xia 葛:ge 盛:sheng 干:gan 强:qiang "
    "相:xiang 奇:qi 颉:xie 仝:tong 粘:nian 佴:nai 贾:jia 余:yu 汤:tang 叶:ye 于:yu 宿:su 曲:qu 洪:hong "
    "丁:ding 许:xu 谢:xie 郑:zheng 陆:lu 郭:guo 庄:zhuang 方:fang 翁:weng 肖:xiao 柯:ke 卓:zhuo 池:chi "
    "连:lian 章:zhang 巫:wu 詹:zhan 蓝:lan 辛:xin 尤:you 阮:ruan 侯:hou 欧:ou 麦:mai 温:wen 赖:lai 能:nai "
    "行:xing 降:jiang 射:yi 乜:nie 适:kuo 蕃:pi 眭:sui 厍:she 亓:qi 郄:qie 郏:jia 占:zhan 钭:tou 昝:zan "
    "丌:ji 长:chang 尹:yin 朱:zhu 江:jiang 黄:huang "
)
_COMPOUND = (
    "欧阳:ou-yang 上官:shang-guan 司徒:si-tu 司马:si-ma 诸葛:zhu-ge 夏侯:xia-hou 皇甫:huang-fu "
    "东方:dong-fang 尉迟:yu-chi 单于:chan-yu 长孙:zhang-sun 万俟:mo-qi 澹台:tan-tai 令狐:ling-hu 宇文:yu-wen "
    "慕容:mu-rong 赫连:he-lian 呼延:hu-yan 公孙:gong-sun 轩辕:xuan-yuan 端木:duan-mu 独孤:du-gu "
    "南宫:nan-gong 西门:xi-men 申屠:shen-tu 太史:tai-shi 钟离:zhong-li 濮阳:pu-yang 淳于:chun-yu 闾丘:lv-qiu "
    "仲孙:zhong-sun 鲜于:xian-yu 拓跋:tuo-ba 完颜:wan-yan 纳兰:na-lan 司空:si-kong 亓官:qi-guan 叔孙:shu-sun "
    "宗政:zong-zheng 公冶:gong-ye 公羊:gong-yang 乐正:yue-zheng 左丘:zuo-qiu 东郭:dong-guo 梁丘:liang-qiu "
    "谷梁:gu-liang 漆雕:qi-diao 巫马:wu-ma 羊舌:yang-she 子车:zi-ju 颛孙:zhuan-sun 相里:xiang-li 即墨:ji-mo "
    "达奚:da-xi 第五:di-wu 百里:bai-li "
)

SINGLE: dict[str, str] = dict(pair.split(":", 1) for pair in _SINGLE.split())
COMPOUND: dict[str, tuple[str, ...]] = {
    name: tuple(reading.split("-")) for name, reading in (pair.split(":") for pair in _COMPOUND.split())
}


def split_name(name: str) -> tuple[str, str]:
    """Part a Chinese name into surname and given name; only a longer name can begin with a double surname."""
    if len(name) > 2 and name[:2] in COMPOUND:
        return name[:2], name[2:]
    return name[:1], name[1:]
