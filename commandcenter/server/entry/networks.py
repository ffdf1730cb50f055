"""Addresses of clients as they are counted: IPv4 by itself, IPv6 by the /64 that one site is given."""

import ipaddress
from functools import lru_cache


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """The address, or the network, under which requests from `address` are counted.

    >>> network_of("10.0.0.7"), network_of("2001:db8::1:2:3:4"), network_of("::ffff:10.0.0.7")
    ('10.0.0.7', '2001:db8::/64', '10.0.0.7')
    """
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, 64), strict=False))


def forms_of(address: str) -> tuple[str, ...]:
    """`address`, and as what a socket for both IPv4 and IPv6 names it: the same address mapped.

    >>> forms_of("10.0.0.7"), forms_of("::ffff:10.0.0.7"), forms_of("2001:db8::1")
    (('10.0.0.7', '::ffff:10.0.0.7'), ('10.0.0.7', '::ffff:10.0.0.7'), ('2001:db8::1',))
    """
    read = ipaddress.ip_address(address)
    plain = read.ipv4_mapped or read if isinstance(read, ipaddress.IPv6Address) else read
    return (str(plain), f"::ffff:{plain}") if isinstance(plain, ipaddress.IPv4Address) else (str(plain),)
