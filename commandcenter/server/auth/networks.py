"""Groups client addresses for counting: IPv4 singly, IPv6 by the /64 that one site is given."""

import ipaddress
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Returns the address, or the network, under which requests from `address` are counted.

    >>> network_of("10.0.0.7"), network_of("2001:db8::1:2:3:4"), network_of("::ffff:10.0.0.7")
    ('10.0.0.7', '2001:db8::/64', '10.0.0.7')
    """
    try:
        read = unmapped(address.partition("%")[0])
    except ValueError:
        return address
    return str(read if read.version == 4 else ipaddress.ip_network((read, 64), strict=False))


def address_forms(address: str) -> tuple[str, ...]:
    """Returns `address` and, of an IPv4 address, the mapped form that a socket for both IPv4 and IPv6 gives it.

    >>> address_forms("10.0.0.7"), address_forms("::ffff:10.0.0.7"), address_forms("2001:db8::1")
    (('10.0.0.7', '::ffff:10.0.0.7'), ('10.0.0.7', '::ffff:10.0.0.7'), ('2001:db8::1',))
    """
    plain = unmapped(address)
    return (str(plain), f"::ffff:{plain}") if plain.version == 4 else (str(plain),)


def unmapped(address: str) -> Address:
    """Returns `address` with an IPv4 address out of its mapped form; raises ValueError when it is no address.

    >>> unmapped("::ffff:10.0.0.7"), unmapped("2001:db8::1")
    (IPv4Address('10.0.0.7'), IPv6Address('2001:db8::1'))
    """
    read = ipaddress.ip_address(address)
    return read if isinstance(read, ipaddress.IPv4Address) else read.ipv4_mapped or read
