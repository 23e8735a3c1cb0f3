"""The table of permissions holds on two nodes: whatever a program asks for, as who and wherever.

What a person types comes to the same requests (`tests.protocol.test_permissions`).
"""

from __future__ import annotations

from tests.in_turn import in_turn
from tests.protocol import test_permissions
from tests.protocol.test_permissions import (
    test_a_program_may_do_what_the_table_says_and_nothing_else,
    test_a_program_that_has_not_said_hello_may_ask_for_little,
)

__all__ = [
    "on_two_nodes",
    "test_a_program_may_do_what_the_table_says_and_nothing_else",
    "test_a_program_that_has_not_said_hello_may_ask_for_little",
]

on_two_nodes = in_turn(test_permissions)
