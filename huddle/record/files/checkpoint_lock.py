"""SQLite's checkpoint lock: who has it carries the log over into the database, and no other does.

Another program that carries the log over (``PRAGMA wal_checkpoint``, as recipes for a backup have
it) does nothing wrong, and cannot be told from one that writes into the database. So the lock is
held here that SQLite takes for it: the other is told that the database is busy.

Locks are the process's, not a descriptor's: SQLite takes it here all the same, and gives it up when
it is done, behind which it is to be taken again. Who has it before that carries the log over.
"""

from __future__ import annotations

import fcntl

_BYTE = 121
"""The byte of the log's index that is locked (``WAL_CKPT_LOCK`` in SQLite's "WAL-mode File
Format")."""


def take_checkpoint_lock(index: int) -> bool:
    """Keep others from carrying the log over, given a descriptor of its index that may be written.
    Whether that has succeeded: if not, another has the lock and is perhaps just doing that.

    The caller takes it again behind each checkpoint of its own. The lock goes, with all that SQLite
    has there, when the process closes any descriptor of the index. Never waits.
    """
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _BYTE)
    except BlockingIOError:
        return False
    except OSError:
        pass  # where files have no locks, others have none either
    return True
