"""InspIRCd (C++): no flood control, no limit per address, send queues of a gigabyte."""

from pathlib import Path

from benchmarks.peers.peer import Peer
from benchmarks.peers.wires import Await, Wire

IRC = Wire(
    member=(
        "NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n",
        Await(" 001 {nick} "),
        "JOIN #huddle\r\n",
        Await(" 366 {nick} "),
    ),
    say="PRIVMSG #huddle :{text}\r\n",
)
"""IRC, as RFC 2812 and both servers have it: 001 welcomes, 366 ends the names of a room."""

CONFIGURATION = """
<config format="xml">
<server name="irc.local" description="benchmark" network="Local">
<admin name="nobody" nick="nobody" email="nobody@localhost">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="600" pingfreq="86400" threshold="1000000" commandrate="100000000"
         fakelag="no" hardsendq="1073741824" softsendq="1073741824" recvq="1048576"
         localmax="100000" globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no"
         limit="100000" maxchans="10">
<performance softlimit="100000" somaxconn="4096" netbuffersize="65534" nouserdns="yes">
<dns enabled="no">
<security maxtargets="20">
<files motd="/dev/null">
<pid file="{folder}/inspircd.pid">
"""


def _command(folder: Path, port: int) -> list[str]:
    configuration = folder / "inspircd.conf"
    configuration.write_text(CONFIGURATION.format(port=port, folder=folder))
    program = ["/usr/sbin/inspircd", "--runasroot", "--nofork", "--nolog"]
    return [*program, "--config", str(configuration)]


PEERS = (Peer("inspircd", "InspIRCd (C++)", "/usr/sbin/inspircd", _command, IRC),)
