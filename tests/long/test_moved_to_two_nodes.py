"""What holds over a restart of one server holds where a house of two nodes begins with its record.

All tests in which a server crashes are taken from their modules, and the house is on two nodes from
there on.
"""

from __future__ import annotations

from inspect import getsource
from types import ModuleType

import pytest

from tests import moderated_world, test_huddle
from tests.conversations import (
    test_clock_set_by_hand,
    test_limits,
    test_privacy,
    test_slow_work,
    test_takeover,
)
from tests.conversations.test_privacy import spying
from tests.delivery import test_damaged
from tests.founded_house import Moved
from tests.in_turn import HELD, ORDER, one_transport
from tests.people import test_accounts as test_accounts_of_the_record
from tests.people import test_preferences
from tests.rooms import test_inbox, test_pace, test_session_quotas
from tests.visits import (
    test_account_login,
    test_arrival,
    test_crash_cursors,
    test_filters,
    test_known_sessions,
)
from tests.visits.actions import (
    test_accounts,
    test_caller,
    test_charge,
    test_editing,
    test_moderation,
    test_operators,
    test_paste,
    test_restricting,
    test_rooms,
    test_speaking,
    test_talk,
)
from tests.visits.test_filters import dialect

__all__ = ["dialect", "one_transport", "spying"]

MODULES = (
    test_huddle, test_clock_set_by_hand, test_limits, test_privacy, test_slow_work, test_takeover,
    test_damaged, test_accounts_of_the_record, test_preferences, test_session_quotas, test_inbox,
    test_pace, test_arrival, test_crash_cursors, test_filters, test_accounts, test_paste,
    test_charge, test_moderation, test_operators, test_rooms, test_restricting, test_speaking,
    test_talk, test_editing, test_caller, test_account_login, test_known_sessions,
)  # fmt: skip

LEFT_OUT = {
    "test_when_it_cannot_be_found_out_where_somebody_was_they_may_try_again": "one disk fails",
    "test_a_session_of_an_older_password_is_not_held_after_a_restart": "it goes back to a world",
    "test_who_is_held_after_a_crash_and_kicked_is_where_they_belong": HELD,
    "test_the_host_of_a_room_is_its_host_when_they_register_or_log_in": ORDER,
    "test_a_block_goes_on_over_a_restart": "each node has a block of its own from there on",
}


def _take(module: ModuleType) -> None:
    for name, test in vars(module).items():
        is_test = name.startswith("test_") and callable(test) and name not in LEFT_OUT
        if is_test and "crashes()" in getsource(test):
            globals()[f"test_of_{module.__name__.rpartition('.')[2][5:]}_{name[5:]}"] = test


for each in MODULES:
    _take(each)


@pytest.fixture(autouse=True)
def moves(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (moderated_world, *MODULES):
        monkeypatch.setattr(module, "World", Moved, raising=False)
