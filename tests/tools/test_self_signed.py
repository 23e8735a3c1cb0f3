"""A certificate that signs itself is taken by those who trust it, for the names that it has."""

from __future__ import annotations

import socket
import ssl
from ipaddress import ip_address
from tempfile import NamedTemporaryFile

import pytest
from cryptography import x509

from huddle.tools.self_signed import COMMON_NAME, key_and_certificate, own_hosts

STRICT = getattr(ssl, "VERIFY_X509_STRICT", 0)


def certificate(*hosts: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(key_and_certificate(hosts, 10)[0])


def names(made: x509.Certificate) -> list[str]:
    alternative = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in alternative]


def shakes_hands(pem: bytes, host: str) -> bool:
    """Whether a client that trusts it, and nothing else, takes it for this host."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        served.load_cert_chain(file.name)
    trusting = ssl.create_default_context(cadata=pem[pem.index(b"-----BEGIN CERT") :].decode())
    trusting.verify_flags |= STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=host)
    server = served.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError:
            return False
    return True


def test_a_client_that_trusts_it_takes_it_for_each_of_its_hosts_and_no_other() -> None:
    pem, _ = key_and_certificate(["chat.lan", "192.168.1.5", "fd00::2"], 10)
    for host in ("chat.lan", "192.168.1.5", "fd00::2"):
        assert shakes_hands(pem, host), host
    for host in ("other.lan", "192.168.1.6"):
        assert not shakes_hands(pem, host), host


def test_names_in_other_scripts_stand_there_as_the_network_has_them() -> None:
    assert names(certificate("Salón.lan", "CHAT.lan")) == ["xn--saln-sqa.lan", "chat.lan"]


def test_one_for_addresses_alone_has_a_name_by_which_twisted_finds_it() -> None:
    assert names(certificate("192.168.1.5")) == ["192.168.1.5", "localhost"]


def test_a_long_name_stands_among_the_alternative_names() -> None:
    long = ".".join(["a" * 40, "b" * 40, "lan"])
    assert names(certificate(long)) == [long]
    assert len(long) > COMMON_NAME


@pytest.mark.parametrize("host", ["", "a..b", "a b", "-", "x" * 64 + ".lan"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=f"^{host}$"):
        key_and_certificate([host], 10)


def test_this_machine_has_its_name_and_its_addresses_each_once() -> None:
    hosts = own_hosts()
    assert hosts[0] == socket.gethostname()
    assert {"localhost", "127.0.0.1", "::1"} <= set(hosts)
    assert len(hosts) == len(set(hosts))
    assert not [host for host in hosts if ":" in host and ip_address(host).is_link_local]
