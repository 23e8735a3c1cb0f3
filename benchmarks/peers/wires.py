"""What the load generator has to know of a server's wire."""

from dataclasses import dataclass

Send = str
"""What a connection sends; ``{nick}`` is filled in. What is behind ``{frame}`` goes into a frame of
WebSocket."""


@dataclass(frozen=True, slots=True)
class Await:
    """Text that has to arrive before the greeting goes on."""

    text: str


Step = Send | Await


@dataclass(frozen=True, slots=True)
class Wire:
    """How members are greeted, and how a message is said and delivered.

    `say` may hold ``{nick}``, ``{id}`` (1, 2, 3… for each speaker), ``{text}`` and its length in
    ``{bytes}``. A delivery is
    `lines` lines long and holds the text as it was said; with `named` also the speaker's nick.
    Where `separate`, speakers are connections of their own with the greeting `speaker`. With
    `frames` the server answers in frames of WebSocket, some of them compressed. `ack` marks the
    line by which the server acknowledges what was said.
    """

    member: tuple[Step, ...]
    say: str
    lines: int = 1
    named: bool = True
    echoes: bool = False
    separate: bool = False
    frames: bool = False
    speaker: tuple[Step, ...] = ()
    ack: str = ""

    def arguments(self, text_bytes: int) -> list[str]:
        """Return the generator's arguments for this wire and the length of its texts."""
        flags = {
            "named": self.named,
            "echoes": self.echoes,
            "separate": self.separate,
            "frames": self.frames,
        }
        return [
            *(f"member.{_worded(step)}" for step in self.member),
            *(f"speaker.{_worded(step)}" for step in self.speaker),
            *(f"{name}={int(value)}" for name, value in flags.items()),
            f"say={self.say.replace('{bytes}', str(text_bytes))}",
            f"lines={self.lines}",
            f"ack={self.ack}",
        ]


def _worded(step: Step) -> str:
    return f"await={step.text}" if isinstance(step, Await) else f"send={step}"


PLAIN = Wire(member=("{nick}\n", Await("-- Hello {nick}")), say="{text}\n")
"""The plain dialect, which the little servers here speak as well."""
