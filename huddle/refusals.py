"""Why the server cannot start: what is wrong with the record, in a person's words."""

from __future__ import annotations

from huddle.locale import Wording
from huddle.record.trouble import RecordUnusable


def unusable_record(error: RecordUnusable, wording: Wording) -> str:
    """One line that says what is wrong with the database, and what to do."""
    _ = wording.gettext
    sentences = {
        "locked": _("{path} is in use by another server {detail}"),
        "read-only": _("{path} can only be read; the server must write to it"),
        "full": _("the disk of {path} is full"),
        "corrupt": _("{path} is damaged ({detail}); restore it from a backup"),
        "newer-schema": _("{path} was made by a newer Huddle (schema {detail})"),
        "not-a-record": _("{path} is not a Huddle database"),
        "no-folder": _("there is no folder for {path}"),
        "no-permission": _("{path} may not be opened"),
        "disk": _("the disk of {path} fails: {detail}"),
        "no-wal": _("{path} lies on a file system that cannot share memory, such as a network's"),
        "sqlite": _("this machine's SQLite will not do: {detail}"),
    }
    sentence = sentences.get(error.code, _("{path} cannot be opened: {detail}"))
    return sentence.format(path=error.path, detail=error.detail).rstrip()
