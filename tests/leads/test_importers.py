"""Registrants and attendees as platforms write them: whose file it is, what is in it, and what is wrong with which line."""

from __future__ import annotations

import codecs
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from repurpose.errors import UserError
from repurpose.leads.importers import Imported, minutes_of, moment_of, read_registrants, sightings_of

SAMPLE = Path(__file__).parents[2] / "assets" / "demo" / "registrants.csv"
ZOOM = """Attendee Report
Report Generated:,"Nov 6, 2026 09:00"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered
MES,123 4567 8901,"Nov 5, 2026 10:00",61,120
Host Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Host,host@x.com,"Nov 5, 2026 10:00","Nov 5, 2026 11:00",60,No,China
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Anna B,Anna,B,anna@x.com,"Nov 1, 2026 10:00:00 AM",approved,"Nov 5, 2026 10:00","Nov 5, 2026 10:20",20,Yes,China,
Yes,Anna B,Anna,B,Anna@X.com,"Nov 1, 2026 10:00:00 AM",approved,"Nov 5, 2026 10:30","Nov 5, 2026 10:40",10,Yes,China,
No,Ben,Ben,C,ben@,"Nov 1, 2026 10:00:00 AM",approved,--,--,--,--,China,
No,Cy,Cy,D,cy@x.com,"Nov 1, 2026 10:00:00 AM",approved,--,--,--,--,China,
"""
GOTO = """General Information
Webinar Name,Webinar ID
MES,1-2-3
Attendee Details
Attended,Interest Rating,Last Name,First Name,Email Address,Registration Date/Time,Join Time,Leave Time,Time in Session,Unsubscribed
Yes,55,Doe,Jo,jo@x.com,"Nov 1, 2026 10:00 AM CST","Nov 5, 2026 10:00 AM CST","Nov 5, 2026 11:00 AM CST",1 hour 2 minutes,No
"""
VHALL = "序号,用户昵称,手机号,公司,职位,进入时间,观看时长(秒)\n1,老王,13800138001,示例,经理,2026年11月05日 10:00,1800\n2,小李,null,,,,\n"
POLYV = "观众ID,昵称,手机号码,观看总时长,提问数,答题数\nu1,老王,13800138001,00:21:30,2,1\nu2,小李,13900139000,,,\n"


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def told(found: Imported) -> list[tuple[int, str, bool]]:
    return [(one.line, one.why, one.left_out) for one in found.problems]


def test_the_samples_own() -> None:
    found = read_registrants(SAMPLE.read_bytes())
    assert (found.source, len(found.registrants), found.problems) == ("csv", 120, [])
    first = found.registrants[0]
    assert first.about == {"name": "曹思源", "company": "示例电气", "title": "设备负责人"}
    assert first.attended.registered_at == at("2026-09-25 08:27") and first.attended.minutes == 21
    assert sum(one.attended.attended is True for one in found.registrants) == SAMPLE.read_text("utf-8").count(",yes,")


def test_zoom_with_its_sections_its_hosts_and_who_came_twice() -> None:
    found = read_registrants(ZOOM.encode("utf-8-sig"))
    assert found.source == "zoom" and told(found) == [(12, "email: names nobody", True)]
    [anna, cy] = found.registrants
    assert anna.keys[0] == ("email", "anna@x.com") and anna.line == 10
    assert (anna.attended.minutes, anna.attended.attended) == (30, True)
    assert (cy.attended.minutes, cy.attended.attended) == (0, False)
    assert anna.attended.registered_at == at("2026-11-01 10:00")


def test_gotowebinar() -> None:
    found = read_registrants(GOTO.encode("utf-16"))
    [jo] = found.registrants
    assert found.source == "gotowebinar" and jo.about["name"] == "Jo Doe" and jo.attended.minutes == 62


def test_vhall_as_a_spreadsheet_in_chinese_writes_it() -> None:
    found = read_registrants(VHALL.encode("gb18030"))
    [wang] = found.registrants
    assert found.source == "vhall" and told(found) == [(3, "phone: names nobody", True)]
    assert wang.attended.minutes == 30 and wang.attended.attended and wang.about["company"] == "示例"


def test_polyv() -> None:
    found = read_registrants(codecs.BOM_UTF8 + POLYV.encode())
    assert found.source == "polyv"
    assert [(one.attended.minutes, one.attended.questions, one.attended.polls) for one in found.registrants] == [
        (22, 2, 1), (0, 0, 0),
    ]  # fmt: skip


def test_any_other_by_a_mapping() -> None:
    data = b"Kunde;Wer;Dauer\nK-7;jo@x.com;12 min\n"
    found = read_registrants(data, mapping={"crm": "Kunde", "email": "Wer", "minutes": "Dauer"})
    [one] = sightings_of(found, "ev_1")
    assert one.keys == (("crm", "K-7"), ("email", "jo@x.com")) and one.strength == "strong" and found.source == "csv"
    assert one.attended and one.attended.minutes == 12
    with pytest.raises(UserError, match="no field"):
        read_registrants(data, mapping={"nobody": "Kunde"})
    with pytest.raises(UserError, match="--map"):
        read_registrants(data)


def test_bad_lines_are_told_and_the_rest_goes_on() -> None:
    data = (
        "name,email,registered_at,minutes\n"
        "A,a@x.com,2026-09-25 08:27,soon\nB,b@x.com,yesterday,3\nC,,2026-09-25,3\n,c@x.com,2026-09-25 08:00,3,x,y\nD,d@x.com\n\n"
    )
    found = read_registrants(data.encode())
    assert [one.about.get("name") for one in found.registrants] == ["A", "B", "D"]
    assert told(found) == [
        (2, "minutes: 'soon' is no length of time", False), (3, "registered_at: 'yesterday' is no date and time", False),
        (4, "no mail address, phone number or id", True), (5, "6 cells where the columns are 4", True),
    ]  # fmt: skip


def test_lengths_and_moments() -> None:
    for text in ("21", "20.6", "00:21:00", "21:00", "21 min", "21分钟", "1260 s", "0小时21分0秒"):
        assert minutes_of(text) == 21, text
    assert minutes_of("1260", "观看时长(秒)") == 21 and minutes_of("soon") is None and minutes_of("9" * 30) is None
    for text in (
        "2026-11-05 10:00",
        "2026/11/5 10:00",
        "2026年11月5日 10:00",
        "Nov 5, 2026 10:00 AM",
        "2026-11-05T02:00:00Z",
    ):
        assert moment_of(text, "Asia/Shanghai") == at("2026-11-05 10:00"), text
    assert moment_of("10:00", "Asia/Shanghai") is None
