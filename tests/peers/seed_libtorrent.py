#!/usr/bin/python3
"""Seeds one torrent with libtorrent on loopback until its standard input is closed.

usage: seed_libtorrent.py TORRENT FOLDER UPLOAD_BYTES_PER_SECOND(0: no limit)
Prints the port it listens at, once it seeds.
"""
import sys

try:
    import libtorrent as lt
except ImportError:
    sys.exit("python3-libtorrent is not installed (apt-get install python3-libtorrent)")

torrent, folder, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "enable_incoming_utp": False,
    "allow_multiple_connections_per_ip": True,
    # Tests run on one machine: a peer that comes and goes is no attack.
    "connection_speed": 100,
    "alert_mask": lt.alert.category_t.all_categories,
})
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent)
params.save_path = folder
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
handle = session.add_torrent(params)
if limit:
    handle.set_upload_limit(limit)
while not handle.status().is_seeding:
    session.wait_for_alert(1000)
    session.pop_alerts()
print(session.listen_port(), flush=True)
sys.stdin.read()
