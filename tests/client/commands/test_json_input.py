"""What a program wants that writes lines of JSON."""

from __future__ import annotations

import pytest

from huddle.client.commands.intents import Ask, Intent, Mistake, Say, Tell
from huddle.client.commands.json_input import intent_of
from huddle.client.session.state import Kind
from huddle.protocol import requests
from huddle.protocol.requests import ChangeNick, History, Leave, Rooms, Search, Who


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ('{"type":"say","text":"/quit"}', Say("/quit")),
        ('{"type":"say","text":"hola","room":"ops"}', Say("hola", Kind.SAY, "ops")),
        ('{"type":"me","text":"waves"}', Say("waves", Kind.ME)),
        ('{"type":"msg","to":"bob","text":"psst"}', Tell("bob", "psst")),
        ('{"type":"say","text":"x","re":3}', Say("x", re=3)),
        ('{"type":"say","text":"x","edits":3}', Say("x", edits=3)),
        ('{"type":"msg","to":"bob","text":"x","re":3}', Tell("bob", "x", re=3)),
        ('{"type":"msg","to":"bob","text":"x","edits":3}', Tell("bob", "x", edits=3)),
        ('{"type":"join","room":"ops","key":"k"}', requests.Join("ops", "k")),
        ('{"type":"announce","text":"hola"}', Say("hola", Kind.ANNOUNCE, "huddle")),
        ('{"type":"login","password":"p"}', requests.Login(None, "p")),
        ('{"type":"login","nick":"ana"}', Mistake('{"type":"login","nick":"ana"}')),
        ('{"type":"login","password":7}', Mistake("…")),
        ('{"type":"ban"}', Mistake('{"type":"ban"}')),
        ('{"type":"bye"}', requests.Bye()),
        ('{"type":"dance"}', Mistake("dance")),
        ('{"type":"say"}', Mistake('{"type":"say"}')),
        ('{"type":"say","text":7}', Mistake('{"type":"say","text":7}')),
        ("hola", Mistake("hola")),
        ("[]", Mistake("[]")),
    ],
)
def test_a_line_is_a_wish(line: str, intent: Intent) -> None:
    assert intent_of(line) == intent


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ('{"type":"who"}', Who("here")),
        ('{"type":"who","room":"ops"}', Who("ops")),
        ('{"type":"rooms"}', Rooms()),
        ('{"type":"history"}', History("here", 20)),
        ('{"type":"history","room":"ops","limit":5,"before":90}', History("ops", 5, 90)),
        ('{"type":"search","words":"café"}', Search("here", "café", 20)),
        ('{"type":"nick","nick":"eva"}', ChangeNick("eva")),
        ('{"type":"leave"}', Leave("here")),
        ('{"type":"topic","text":"t"}', requests.Topic("here", "t")),
        ('{"type":"key","key":null}', requests.SetKey("here", None)),
        ('{"type":"slow","seconds":2.5}', requests.SetSlow("here", 2.5)),
        ('{"type":"quiet","on":true}', requests.SetQuiet("here", True)),
        ('{"type":"voice","nick":"eva","on":false}', requests.SetVoice("here", "eva", False)),
        ('{"type":"delete","seq":7,"room":"@"}', requests.Delete("@", 7)),
        ('{"type":"ignore"}', requests.Ignore()),
        ('{"type":"ignore","nick":"eva","on":true}', requests.Ignore("eva", True)),
        ('{"type":"register","password":"p"}', requests.Register("p")),
        ('{"type":"password","old":"p","new":"q"}', requests.ChangePassword("p", "q")),
        ('{"type":"kick","nick":"eva","reason":"r"}', requests.Kick("here", "eva", "r")),
        ('{"type":"ban","who":"::1","seconds":60}', requests.Ban("here", "::1", 60)),
        ('{"type":"unban","who":"::1"}', requests.Unban("here", "::1")),
        ('{"type":"bans"}', requests.Bans("here")),
        ('{"type":"mute","nick":"eva"}', requests.Mute("here", "eva")),
        ('{"type":"unmute","nick":"eva"}', requests.Unmute("here", "eva")),
        ('{"type":"operator","nick":"eva","on":true}', requests.MakeOperator("eva", True)),
        ('{"type":"whois","nick":"eva"}', requests.WhoIsIt("eva")),
        ('{"type":"audit","limit":3}', requests.Audit(3)),
        ('{"type":"help"}', requests.HelpWanted()),
    ],
)
def test_a_question_is_about_the_room_one_is_in(line: str, asked: object) -> None:
    intent = intent_of(line)
    assert isinstance(intent, Ask)
    assert intent.request("here") == asked
