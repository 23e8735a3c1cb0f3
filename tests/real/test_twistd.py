"""``twistd -n huddle`` as the documents have it: after a kill, in a container, as another user."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.real.conftest import Start
from tests.real.preloaded import TWISTD
from tests.real.server import READY, environment


@contextmanager
def running(folder: Path, *options: str, ahead: Sequence[str] = ()) -> Iterator[None]:
    """A server that has started; it is killed in the end."""
    process = subprocess.Popen(
        [*ahead, *TWISTD, "-n", "huddle", "--port", "0", *options],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        assert READY in said[-1], "".join(said)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def test_it_starts_again_after_a_kill(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path):
            assert not (tmp_path / "twistd.pid").exists()


def test_a_pid_file_of_a_process_that_lives_keeps_nobody_out(start: Start, tmp_path: Path) -> None:
    (tmp_path / "twistd.pid").write_text("1")
    start(ahead=())
    assert (tmp_path / "twistd.pid").read_text() == "1"


def test_it_starts_as_the_first_process_of_a_container(tmp_path: Path) -> None:
    container = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child"]
    if subprocess.run([*container, "true"], capture_output=True).returncode:
        pytest.skip("no namespaces here")
    (tmp_path / "twistd.pid").write_text("1")
    for _ in range(2):
        with running(tmp_path, ahead=container):
            pass


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be read and not written, with one in it that may."""
    (tmp_path / "records").mkdir()
    tmp_path.chmod(0o555)
    yield tmp_path
    tmp_path.chmod(0o755)


POWERLESS = (
    ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]
    if os.geteuid() == 0
    else []
)
"""Started by this, root may write only where the modes of files let it, as others."""


def test_a_folder_that_may_not_be_written_does_where_the_record_is_elsewhere(
    read_only: Path,
) -> None:
    with running(read_only, "--history", "records/huddle.db", ahead=POWERLESS):
        assert sorted(os.listdir(read_only)) == ["records"]
        assert (read_only / "records" / "huddle.db").exists()


def test_in_the_background_a_place_for_its_files_is_wanted(read_only: Path) -> None:
    run = subprocess.run(
        [*POWERLESS, *TWISTD, "huddle", "--port", "0", "--history", "none"],
        cwd=read_only,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.returncode == 1
    assert run.stderr == "huddle: --pidfile twistd.pid will not do: that is not permitted\n"
