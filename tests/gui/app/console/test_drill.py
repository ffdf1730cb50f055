"""A demonstration has its drill, on its own platform alone."""

from collections.abc import Callable

import pytest

from commandcenter.bootstrap import Unavailable
from tests.kit.signed_desk import ELSEWHERE, URL, ExtendedNetwork
from ui.app.console import Console
from ui.app.host import Host


async def test_a_demonstration_has_its_drill_until_somebody_signs_in_to_another_platform(
    opened: Callable[..., Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Host, "is_demonstration", True)
    monkeypatch.setattr(Host, "account", lambda _host, **_about: ("d07", "right"))
    network = ExtendedNetwork()
    console = opened(network=network)
    assert "drill_cut" not in console.registry
    await console.connect()
    assert "drill_cut" in console.registry
    assert network.added.heard == ["settle"]
    await console.sign_in.sign_in(ELSEWHERE, "d07", "right")  # the same person, whose rooms stay
    assert "drill_cut" not in console.registry
    assert network.added.heard == ["settle", "end"]
    await console.sign_in.sign_in(URL, "d07", "right")
    assert "drill_cut" in console.registry
    assert network.added.heard == ["settle", "end", "settle"]


async def test_a_sign_in_elsewhere_that_fails_leaves_the_drill_as_it_is(
    opened: Callable[..., Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Host, "is_demonstration", True)
    network = ExtendedNetwork()
    console = opened(user="d07", network=network)
    await console.connect()
    with pytest.raises(Unavailable, match="wrong_password"):
        await console.sign_in.sign_in(ELSEWHERE, "d07", "wrong")
    assert "drill_cut" in console.registry
    assert network.added.heard == ["settle"]
    assert console.sign_in.address == URL


async def test_a_hall_has_no_drill_whatever_the_network_could_do(opened: Callable[..., Console]) -> None:
    console = opened(user="d07", network=ExtendedNetwork())
    await console.connect()
    assert "drill_cut" not in console.registry
