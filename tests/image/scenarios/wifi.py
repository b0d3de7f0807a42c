"""Wi-Fi by pretended radios: joined by the remote alone, refused, forgotten, out of reach; and by a
phone in the network that the box opens itself."""

import json
import re
import shlex
import time

import demo
from inside import Inside, settings
from maker import machine
from maker.say import Failure

# The other end (mac80211_hwsim, hostapd): a router with a radio and a network of its own.
_NAME, _PASSWORD, _WRONG = "Attic", "cafe1234", "deadbeef"

# None is touched before iwd has made a device of each: it takes all at once.
_RADIOS = """modprobe mac80211_hwsim radios=3
for n in $(seq 240); do
    busybox pidof iwd >/dev/null &&
        busybox chroot /proc/1/root busctl tree --list net.connman.iwd |
        grep -c '^/net/connman/iwd/[0-9]*/[0-9]*$' | grep -qx 3 && break
    busybox sleep 0.5
done
busybox chroot /proc/1/root busctl tree --list net.connman.iwd
[ $n -lt 240 ]"""

# iwd takes every radio that it finds, but not those of other networks.
_ROUTER = f"""ip netns add router
iw phy phy1 set netns name router
for name in $(ip netns exec router ls /sys/class/net | grep -v '^lo$'); do
    ip netns exec router iw dev $name del
done
ip netns exec router iw phy phy1 interface add wlan9 type managed
ip netns exec router ip address add 10.9.0.1/24 dev wlan9
ip netns exec router ip link set lo up
cat >/run/router.conf <<END
interface=wlan9
driver=nl80211
ssid={_NAME}
hw_mode=g
channel=6
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase={_PASSWORD}
END"""

_ON = """ip netns exec router hostapd -B -P /run/router.pid /run/router.conf
ip netns exec router dnsmasq --port=0 --interface=wlan9 --bind-dynamic \
    --dhcp-range=10.9.0.50,10.9.0.99,1h --dhcp-leasefile=/run/router.leases \
    --pid-file=/run/router.dhcp --user=root --conf-file=/dev/null"""

_OFF = "busybox kill $(cat /run/router.pid) $(cat /run/router.dhcp)"

# A phone: the third radio, a supplicant, and a client for its address.
_PHONE = """ip netns add phone
iw phy phy2 set netns name phone
for name in $(ip netns exec phone ls /sys/class/net | grep -v '^lo$'); do
    ip netns exec phone iw dev $name del
done
ip netns exec phone iw phy phy2 interface add wlan8 type managed
ip netns exec phone ip link set lo up"""

_PHONE_JOINS = """ip netns exec phone ip address flush dev wlan8
ip netns exec phone wpa_supplicant -B -i wlan8 -D nl80211 -c /run/phone.conf -P /run/phone.pid
for n in $(seq 60); do
    ip netns exec phone iw dev wlan8 link | grep -q '^Connected' && break
    busybox sleep 0.5
done
ip netns exec phone iw dev wlan8 link | grep '^Connected'
ip netns exec phone busybox udhcpc -i wlan8 -f -n -q -t 10 -s /bin/true"""

_PHONE_LEAVES = "busybox kill $(cat /run/phone.pid)"

# The box in its own network (image/root/etc/systemd/network/26-own.network), and what a phone asks.
_OWN = "10.73.0.1"
_PROBE = ("captive.apple.com", "/hotspot-detect.html")

# The keyboard on the screen (src/app/src/keyboard.rs).
_KEYS = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890"]
_DONE = (7, 2)


def run(place):
    with Inside(place, demo=lambda at: demo.disk(at, more=settings)) as inside:
        box = inside.box
        box.wait_for(machine.UP, 30)
        box.wait_for(r"the demo is seeded", 30)
        inside.run(_RADIOS, 120)
        inside.run(_ROUTER, 30)
        inside.run(_PHONE, 30)
        inside.run(_ON, 30)
        _page(inside)
        _focus(inside, _NAME)
        inside.key("ok")
        inside.until(lambda state: state["screen"] == "address", 10, "no password is asked for")
        began = time.monotonic()
        _type(inside, _WRONG)
        refused = inside.until(_typing, 60, "a wrong password is not refused")
        if "did not take" not in (refused["address"]["status"] or ""):
            raise Failure(f"of a wrong password it says: {refused['address']}")
        refused = time.monotonic() - began
        for _ in _WRONG:
            inside.key("delete")
        began = time.monotonic()
        _type(inside, _PASSWORD)
        inside.until(_joined, 60, "the network is not joined")
        joined = time.monotonic() - began
        _is_kept(inside)
        _rules(inside)
        _goes_and_comes(inside)
        _forgotten(inside)
        _hidden(inside)
        _by_phone(inside)
        _nothing_is_told(inside)
    return f"refused within {refused:.0f} s, joined within {joined:.0f} s"


def _page(inside):
    """From the wall to the page of the network."""
    inside.open_setting("Network")
    inside.until(lambda state: state["screen"] == "network", 10, "there is no page of the network")


def _lines(state):
    network = state["network"]
    return [line["label"] for line in network["lines"]] if network else []


def _focus(inside, label):
    """The focus goes to that line, once it is there."""
    state = inside.until(lambda state: label in _lines(state), 60, f"{label} is not listed")
    while True:
        at, wanted = state["focus"]["action"], _lines(state).index(label)
        if at == wanted:
            return
        inside.key("down" if at < wanted else "up")
        state = inside.until(lambda state: label in _lines(state), 10, f"{label} has gone")


def _type(inside, text):
    """By arrows alone, from wherever the focus is."""
    for letter in text:
        row = next(row for row, letters in enumerate(_KEYS) if letter in letters)
        _move(inside, letter, row, _KEYS[row].index(letter))
        inside.key("ok")
    _move(inside, "done", *_DONE)
    inside.key("ok")
    inside.until(lambda state: state["screen"] == "network", 10, "the keyboard stays")


def _move(inside, label, row, column):
    """To a key of the keyboard: first to its row, then along that."""
    labels = [list(letters) for letters in _KEYS]
    labels += [["ABC", "#+=", "space"], ["delete", "dots", "done"]]
    while True:
        key = inside.state()["focus"]["key"]
        if key == label:
            return
        at = next(at for at, row_labels in enumerate(labels) if key in row_labels)
        if at != row:
            inside.key("down" if at < row else "up")
        else:
            inside.key("right" if labels[at].index(key) < column else "left")


def _typing(state):
    return state["screen"] == "address"


def _joined(state):
    network = state["network"]
    connected = network and network["headline"] == f"Connected to {_NAME}"
    return connected and "10.9.0." in network["detail"]


def _alone(state):
    network = state["network"]
    return network and network["headline"] == "Not connected"


def _is_kept(inside):
    """It is remembered with the data, for root alone, and joined by itself after a new start."""
    mode = inside.run(f"busybox stat -c '%a %u' /proc/1/root/data/system/wifi/{_NAME}.psk").strip()
    if mode not in ("600 0",):
        raise Failure(f"what is known of the network can be read by others: {mode}")
    inside.run("busybox kill -9 $(busybox pidof iwd)")
    inside.until(_alone, 60, "iwd has gone, and the box does not say so")
    inside.until(_joined, 60, "a network that is known is not joined by itself")


def _rules(inside):
    """A country is chosen: iwd begins anew with its rules."""
    _focus(inside, "Country: not chosen")
    inside.key("ok")
    state = inside.state()
    while _lines(state)[state["focus"]["action"]] != "Austria":
        inside.key("down")
        state = inside.state()
    inside.key("ok")
    inside.until(lambda state: "Country: Austria" in _lines(state), 30, "the country is not kept")
    inside.until(_joined, 60, "with a country the network is not joined")


def _goes_and_comes(inside):
    """The router is switched off and on."""
    inside.run(_OFF)
    inside.until(_alone, 60, "the router is off, and the box does not say so")
    inside.run(_ON, 30)
    inside.until(_joined, 90, "the router is on again, and the network is not joined")


def _forgotten(inside):
    _focus(inside, _NAME)
    for _ in range(3):
        inside.key("ok")
    inside.until(_alone, 30, "the network is not left")
    inside.run(f"! [ -e /proc/1/root/data/system/wifi/{_NAME}.psk ]")


def _hidden(inside):
    """One that is nowhere is out of reach; its name and password are typed on a phone."""
    _focus(inside, "Another network")
    inside.key("ok")
    for text in ("Cellar", _PASSWORD):
        inside.until(_typing, 10, "nothing is asked for")
        inside.post("text", {"text": text})
        inside.key("play")
    state = inside.until(lambda state: state["network"] and not state["network"]["busy"], 60,
                         "joining a network that is nowhere does not end")
    if "out of reach" not in state["network"]["message"]:
        raise Failure(f"of a network that is nowhere it says: {state['network']}")


def _by_phone(inside):
    """The box opens a network of its own; a phone joins it and tells the box another: first with a
    wrong password, then, in a network opened by one key, with the right one."""
    _focus(inside, "Set up with your phone")
    before = _phone_joins(inside)
    _led_to_page(inside)
    _send(inside, _WRONG)
    refused = inside.until(_list, 90, "a wrong password from a phone is not refused")["network"]
    if "did not take the password" not in refused["message"]:
        raise Failure(f"of a wrong password from a phone it says: {refused}")
    if _phone_joins(inside) == before:
        raise Failure("the box's own network has the same password again")
    _send(inside, _PASSWORD)
    inside.until(_joined, 90, "the network that the phone chose is not joined")
    inside.run("! iw dev | grep 'type AP'")


def _list(state):
    """The list, and nothing under way."""
    network = state["network"]
    return network and network["lines"] and not network["busy"]


def _phone_joins(inside):
    """OK opens the box's network, and the phone joins that by what the code on the TV says."""
    inside.key("ok")
    code = inside.until(lambda state: state["screen"] == "phone", 60,
                        "the box opens no network of its own")["phone"]["link"]
    told = re.fullmatch("WIFI:T:WPA;S:(Matinee [A-Z0-9]{4});P:([a-z0-9]{8});;", code)
    if not told:
        raise Failure(f"no phone joins a network by {code}")
    name, password = told.groups()
    inside.write("/run/phone.conf", f'network={{\n ssid="{name}"\n psk="{password}"\n}}\n')
    told = inside.run(_PHONE_JOINS, 90)
    lease = re.search(r"lease of (10\.73\.0\.\d+) obtained from 10\.73\.0\.1", told)
    if not lease:
        raise Failure(f"the phone gets no address: {told}")
    inside.run(f"ip netns exec phone ip address add {lease[1]}/24 dev wlan8")
    return password


def _led_to_page(inside):
    """Whatever the phone looks for, it finds the page, and nothing else of the box; and once it has
    asked for anything the TV shows what opens that page."""
    host, path = _PROBE
    names = inside.run(f"ip netns exec phone busybox nslookup {host} {_OWN}", may_fail=True)
    if not re.search(rf"Name:\s+{re.escape(host)}\s+Address[ 1:]+\s*{re.escape(_OWN)}", names):
        raise Failure(f"a name does not lead to the box: {names}")
    inside.until(_shows_page, 30, "a phone has joined, and the TV shows no code of the page")
    sent_on = _heard(inside, f"GET {path} HTTP/1.1", host)
    place = f"location: http://{_OWN}/\r"
    if not sent_on.startswith("HTTP/1.1 302") or place not in sent_on.lower():
        raise Failure(f"a phone's probe is not led to the page: {sent_on}")
    page = _heard(inside, "GET / HTTP/1.1", _OWN)
    if "/setup.js" not in page:
        raise Failure(f"the page is not there: {page}")
    state = _heard(inside, "GET /api/v1/state HTTP/1.1", _OWN)
    if not state.startswith("HTTP/1.1 404"):
        raise Failure(f"more than the page is there: {state}")


def _shows_page(state):
    phone = state["phone"]
    return phone and phone["link"] == f"http://{_OWN}"


def _heard(inside, line, host):
    """The answer to a request of the phone's. Its end stays open: the box takes a closed one for
    gone."""
    request = f"{line}\\r\\nHost: {host}\\r\\nConnection: close\\r\\n\\r\\n"
    return inside.run(f"(printf '{request}'; busybox sleep 2) | "
                      f"ip netns exec phone busybox nc {_OWN} 80")


def _send(inside, password):
    """By the page: the network of that name, with this password."""
    get = f"ip netns exec phone busybox wget -q -O - http://{_OWN}"
    networks = json.loads(inside.run(f"{get}/networks"))["networks"]
    choice = {"network": [it["name"] for it in networks].index(_NAME), "password": password}
    inside.run(f"ip netns exec phone busybox wget -q -O - --header 'Origin: http://{_OWN}' "
               f"--header 'Content-Type: application/json' "
               f"--post-data {shlex.quote(json.dumps(choice))} http://{_OWN}/join")
    inside.run(_PHONE_LEAVES)


def _nothing_is_told(inside):
    """No password is in the log, or in the state while it is typed."""
    text = inside.box.text()
    for word in (_PASSWORD, _WRONG):
        if word in text:
            raise Failure("a password is in the log")
    inside.expect_no_trouble()
