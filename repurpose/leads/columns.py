"""What platforms call their columns, in Chinese and English. Data: a name that is missing goes here.

Names are compared without case, spaces and marks; what stands in brackets is looked at for its unit only.
"""

from __future__ import annotations

import re
import unicodedata

COLUMNS: dict[str, tuple[str, ...]] = {
    "email": ("email", "email address", "e-mail", "user email", "mail", "邮箱", "电子邮箱", "邮箱地址", "电子邮件", "邮件"),
    "phone": (
        "phone", "phone number", "mobile", "mobile phone", "cell phone", "tel", "telephone", "手机", "手机号", "手机号码", "电话",
        "联系电话", "电话号码", "联系方式",
    ),
    "name": (
        "name", "full name", "user name", "username", "display name", "registrant name", "姓名", "真实姓名", "用户名", "用户姓名",
        "用户名称", "昵称", "用户昵称", "观众昵称", "观众姓名", "名称",
    ),
    "first": ("first name", "firstname", "given name", "名"),
    "last": ("last name", "lastname", "surname", "family name", "姓"),
    "company": (
        "company", "organization", "organisation", "company name", "employer", "公司", "公司名称", "单位", "企业", "企业名称", "机构",
        "工作单位", "所在公司",
    ),
    "title": ("title", "job title", "position", "role", "职位", "职务", "岗位", "职称"),
    "registered_at": (
        "registered at", "registration time", "registration date", "registration date time", "registration date/time",
        "registered", "报名时间", "注册时间", "登记时间", "提交时间", "预约时间",
    ),
    "joined_at": (
        "join time", "joined at", "first join time", "进入时间", "首次进入时间", "登录时间", "首次登录时间", "开始观看时间", "加入时间",
        "首次观看时间",
    ),
    "attended": ("attended", "attendance", "是否参会", "参会", "是否观看", "是否到场", "出席", "是否出席", "观看状态", "参会状态"),
    "minutes": (
        "minutes", "time in session", "duration", "watch time", "attended minutes", "观看时长", "观看总时长", "直播观看时长", "参会时长",
        "累计观看时长", "总观看时长", "在线时长", "停留时长", "播放时长",
    ),
    "questions": ("questions", "questions asked", "number of questions", "提问数", "提问次数", "问答次数", "提问"),
    "polls": ("polls", "polls answered", "poll answers", "number of polls", "投票数", "答题数", "投票次数", "问卷数", "答题次数"),
    "crm": ("crm id", "crmid", "contact id", "contactid", "salesforce id", "hubspot id", "客户编号", "客户id"),
    "wecom": ("external userid", "externaluserid", "wecom id", "企业微信id", "外部联系人id"),
    "openid": ("openid", "open id", "微信openid"),
    "unionid": ("unionid", "union id", "微信unionid"),
}  # fmt: skip
# Columns that one platform has and no other: how a file tells whose it is.
TELLS: dict[str, tuple[str, ...]] = {
    "gotowebinar": ("interest rating", "unsubscribed", "registration date/time", "registration date time"),
    "zoom": ("user name original name", "is guest", "approval status", "country region name", "source name"),
    "polyv": ("观看总时长", "观众id", "polyv id", "用户id", "直播观看时长", "回放观看时长", "参数4", "参数5"),
    "vhall": ("微吼id", "参会id", "观看时长", "报名来源", "用户昵称", "观看终端", "进入时间", "进入方式"),
}
SOURCES = ("vhall", "polyv", "zoom", "gotowebinar", "csv")
NOT_LEADS = re.compile(
    r"\b(host|panelist|organizer|staff)\b|主持|嘉宾|讲师|工作人员", re.IGNORECASE
)  # sections of a report
SECONDS = re.compile(r"\bsec|秒|\(s\)", re.IGNORECASE)
HOURS = re.compile(r"\bhours?\b|\(h\)|（小时）|\(小时\)", re.IGNORECASE)


def plain(name: str) -> str:
    """The name of a column as it is compared."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[^\w/]+", " ", re.sub(r"\((?!original)[^)]*\)", " ", text)).replace("_", " ").split())


def field_of(name: str) -> str:
    """What a column holds; "" for one that is not taken in."""
    return _FIELDS.get(plain(name), "")


def platform_of(names: list[str]) -> str:
    """Whose columns these are: of the platform with most of its own; `csv` when none has any."""
    found = {plain(name) for name in names}
    counted = {source: len(found & set(map(plain, own))) for source, own in TELLS.items()}
    best = max(counted, key=lambda source: counted[source])
    return best if counted[best] else "csv"


_FIELDS = {plain(name): field for field, names in COLUMNS.items() for name in names} | {
    "user name original name": "name", "name original name": "name",
}  # fmt: skip
