"""What need not be typed each time: a file, and the environment.

The file is ``client.toml`` in the folder of the user's configuration; its names are those of the
options. What stands in the environment goes before it, and the command line before both.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huddle.locale import Wording

NAMES: Mapping[str, type] = {
    "host": str,
    "port": int,
    "nick": str,
    "room": str,
    "lang": str,
    "replay": int,
    "notify": str,
    "tls": bool,
    "ca": str,
}
"""What the file may hold."""

VARIABLES = {
    "HUDDLE_HOST": "host",
    "HUDDLE_PORT": "port",
    "HUDDLE_NICK": "nick",
    "HUDDLE_PASSWORD": "password",
}
"""What the environment may hold. A password has no place in a file, or on a command line."""


class ConfigurationError(ValueError):
    """The file cannot be understood; the message says why, in the user's language."""


def configuration_file(environ: Mapping[str, str]) -> Path | None:
    """Where the file is (XDG Base Directory Specification: relative values are to be ignored)."""
    base = Path(environ.get("XDG_CONFIG_HOME", ""))
    if not base.is_absolute():
        if "HOME" not in environ:
            return None
        base = Path(environ["HOME"]) / ".config"
    return base / "huddle" / "client.toml"


def settings(environ: Mapping[str, str], wording: Wording) -> dict[str, str]:
    """What the file and the environment say, by the names of the options; a ``false`` says nothing.

    Raises `ConfigurationError`.
    """
    path = configuration_file(environ)
    found = {} if path is None else _read(path, wording)
    set_there = {VARIABLES[name]: environ[name] for name in VARIABLES if environ.get(name)}
    return found | set_there


def _read(path: Path, wording: Wording) -> dict[str, str]:
    _ = wording.gettext
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(f"{path}: " + _("it is not UTF-8")) from error
    # Most people have no such file.
    import tomllib

    from huddle.locale.toml_errors import toml_error

    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, fault = toml_error(error, text, wording)
        place = f"{path}:{line}" if line else str(path)
        raise ConfigurationError(f"{place}: {fault}") from error
    for name, value in found.items():
        if name not in NAMES:
            raise ConfigurationError(
                _("{file}: there is no setting {name}.").format(file=path, name=name)
            )
        if type(value) is not NAMES[name]:
            raise ConfigurationError(
                _("{file}: {name} cannot be {value}.").format(file=path, name=name, value=value)
            )
    return {name: str(value) for name, value in found.items() if value is not False}
