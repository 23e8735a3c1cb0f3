"""Those who read: few files, a connection of their own, and no harm to each other."""

from __future__ import annotations
