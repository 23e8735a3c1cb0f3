"""ngIRCd (C): no penalties, no limit per address."""

from pathlib import Path

from benchmarks.peers.inspircd import IRC
from benchmarks.peers.peer import Peer

CONFIGURATION = """
[Global]
Name = irc.local
Info = benchmark
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 9
MaxPenaltyTime = 0
PingTimeout = 86400
PongTimeout = 86400
[Options]
DNS = no
Ident = no
PAM = no
SyslogFacility = user
"""


def _command(folder: Path, port: int) -> list[str]:
    folder.chmod(0o755)  # it gives its privileges up before it reads this
    configuration = folder / "ngircd.conf"
    configuration.write_text(CONFIGURATION.format(port=port))
    configuration.chmod(0o644)
    return ["/usr/sbin/ngircd", "--nodaemon", "--config", str(configuration)]


# It listens with a backlog of 10, and a connection beyond that may never be greeted.
PEERS = (Peer("ngircd", "ngIRCd (C)", "/usr/sbin/ngircd", _command, IRC, outstanding=8),)
