"""A fixed address: set by the remote alone, kept over a new start, refused where it cannot work."""

import re
import time

import demo
from inside import Inside, settings
from maker import machine
from maker.say import Failure

# QEMU's own network, which leads nowhere: what it gives by DHCP, which is an address alone, and who
# answers in it.
_CABLE = ("-nic", "user,model=virtio-net-pci,restrict=on")
_GIVEN, _ROUTER, _TAKEN, _NOBODY = "10.0.2.15", "10.0.2.2", "10.0.2.3", "10.0.2.77"

# It differs in the last number.
_WANTED = "10.0.2.16"

_ADDRESS, _ROUTER_LINE, _USE = "Address of the box", "Router", "Use this address"
_NAMES = "Name server (DNS)"

# By which networkd has it.
_DROP_IN = "/run/systemd/network/20-wired.network.d/fixed.conf"


def run(place):
    with Inside(place, demo=lambda at: demo.disk(at, more=settings), network=_CABLE) as inside:
        box = inside.box
        up, _ = box.wait_for(machine.UP, 30)
        box.wait_for(r"the demo is seeded", 30)
        _page(inside, "automatic")
        inside.until(lambda state: _headline(state) == f"Automatic: {_GIVEN}", 30,
                     "the cable gives no address")
        seconds = _fix(inside)
        _without_router(inside)
        inside.run("touch /run/matinee-asks/restart")
        up, _ = box.wait_for(machine.UP, 60, up + 1)
        _has(inside, _WANTED, "after a new start")
        _page(inside, f"{_WANTED} (fixed)")
        _taken(inside)
        inside.run("[ ! -e /proc/1/root/data/system/address-wired ]")
        inside.expect_no_trouble()
    return f"a fixed address holds, and its router answers, within {seconds:.0f} s"


def _page(inside, now):
    """From the wall to the page of the address, whose line says what it is now."""
    inside.open_setting("Network")
    inside.until(lambda state: _lines(state) == [f"Address: {now}"], 30,
                 f"the page of the network does not say {now}")
    inside.key("ok")
    inside.until(lambda state: _USE in _lines(state), 10, "no address can be fixed")


def _lines(state):
    network = state["network"]
    return [line["label"] for line in network["lines"]] if network else []


def _headline(state):
    network = state["network"]
    return network and not network["busy"] and network["headline"]


def _focus(inside, label):
    while True:
        state = inside.state()
        at, wanted = state["focus"]["action"], _lines(state).index(label)
        if at == wanted:
            return
        inside.key("down" if at < wanted else "up")


def _type(inside, label, text):
    """As a phone does."""
    _focus(inside, label)
    inside.post("text", {"text": text})
    inside.until(lambda state: state["screen"] == "address", 10, "nothing is asked for")
    inside.key("ok")
    inside.until(lambda state: _USE in _lines(state), 10, f"{text} is not taken")


def _use(inside, wanted, otherwise):
    """The seconds until the page says that."""
    _focus(inside, _USE)
    began = time.monotonic()
    inside.key("ok")
    # Of an address that somebody else has the core waits half a minute for.
    inside.until(lambda state: _headline(state) == wanted, 60, otherwise)
    return time.monotonic() - began


def _fix(inside):
    """The last number is changed by the digits of a remote."""
    _focus(inside, _ADDRESS)
    inside.key("ok")
    inside.until(lambda state: state["address"] and state["address"]["text"] == _GIVEN, 10,
                 "the address is not there to be changed")
    for key in ("delete", _WANTED[-1], "play"):
        inside.key(key)
    _type(inside, _ROUTER_LINE, _ROUTER)
    _type(inside, _NAMES, _ROUTER)
    seconds = _use(inside, f"Fixed: {_WANTED}", "the fixed address does not hold")
    _has(inside, _WANTED, "once it is fixed")
    inside.run(f"[ -e {_DROP_IN} ]")
    return seconds


def _has(inside, address, when, router=_ROUTER):
    """The box has this address of IPv4 alone, and goes out by that router; it may take a moment."""
    addresses, ways = "ip -c=never -4 -o address show scope global", "ip -c=never -4 route"
    there = f"{addresses} | grep -qF ' {address}/24 '"
    if router:
        there += f" && {ways} | grep -qF 'default via {router} '"
    told = inside.run(f"for n in $(seq {30 * inside.box.slow}); do "
                      f"{there} && break; busybox sleep 1; done; {addresses}; {ways}", 40)
    addresses, way = told.count(" inet "), re.search(r"^default via (\S+)", told, re.M)
    if f" {address}/24 " not in told or addresses != 1 or (way and way[1]) != router:
        raise Failure(f"the box has not {address} alone {when}: {told}")


def _without_router(inside):
    """Nobody is where the router should be: one key goes back to what was before."""
    _type(inside, _ROUTER_LINE, _NOBODY)
    _use(inside, "This address does not work", "a router that is nowhere is not missed")
    network = inside.state()["network"]
    if _NOBODY not in network["message"]:
        raise Failure(f"of a router that is nowhere it says: {network}")
    inside.key("ok")
    inside.until(lambda state: _headline(state) == f"Fixed: {_WANTED}", 60,
                 "the box does not go back")
    _has(inside, _WANTED, "after it went back")


def _taken(inside):
    """Somebody else has the address: it is left to him, and automatic comes back by one key."""
    _type(inside, _ADDRESS, f"{_TAKEN}/255.255.255.0")
    _use(inside, "This address does not work", "an address of somebody else's is taken")
    network = inside.state()["network"]
    if "Another device" not in network["message"]:
        raise Failure(f"of an address of somebody else's it says: {network}")
    _focus(inside, "Back to automatic")
    inside.key("ok")
    inside.until(lambda state: _headline(state) == f"Automatic: {_GIVEN}", 60,
                 "automatic does not come back")
    _has(inside, _GIVEN, "once it is automatic", router=None)
