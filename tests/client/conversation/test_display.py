"""What is shown is remembered, and who reads slowly is waited for."""

from __future__ import annotations

from tests.client.conversation.chat import Chat
from tests.client.dialogue import said


def test_what_is_shown_is_remembered_and_a_full_screen_stops_the_reading() -> None:
    chat = Chat().enter().hear(said(11))
    chat.conversation.shown()
    assert chat.talk.diary.state().rooms == {"huddle": 11}
    chat.conversation.screen_full()
    assert chat.wire.paused
    chat.conversation.screen_drained()
    assert not chat.wire.paused
