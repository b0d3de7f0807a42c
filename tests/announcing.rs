//! The box is found in the home network by somebody else's mDNS (python3-zeroconf), and no more
//! once it does not listen to phones.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use matinee::announcing::{Announcement, Heard, SERVICE};

/// Nothing here takes a tenth of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tells each service that comes and goes, a line each: "+ NAME HOST PORT PATH", "- NAME".
const BROWSER: &str = r#"
import sys, zeroconf

class Listener(zeroconf.ServiceListener):
    def add_service(self, zc, kind, name):
        info = zc.get_service_info(kind, name, timeout=10000)
        path = info.properties.get(b"path", b"").decode()
        print("+", name, info.server, info.port, path, flush=True)
    def remove_service(self, zc, kind, name):
        print("-", name, flush=True)
    def update_service(self, zc, kind, name):
        pass

zc = zeroconf.Zeroconf(interfaces=["127.0.0.1"], ip_version=zeroconf.IPVersion.V4Only)
zeroconf.ServiceBrowser(zc, sys.argv[1], Listener())
sys.stdin.read()
zc.close()
"#;

struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn browser() -> (Browser, Receiver<String>) {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", BROWSER, SERVICE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (tell, told) = channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    (Browser(child), told)
}

#[test]
fn others_find_the_box_while_it_listens() {
    // A name of this run alone: others may test at the same time.
    let host = format!("matinee-{}", std::process::id());
    let (_browser, told) = browser();
    let ours = |told: &Receiver<String>| loop {
        let line = told.recv_timeout(PATIENCE).expect("nothing is told");
        if line.contains(&host) {
            return line;
        }
    };
    let announcement = Announcement::begin(&host, 8100, Heard::Here).unwrap();
    assert_eq!(
        ours(&told),
        format!("+ {host}.{SERVICE} {host}.local. 8100 /")
    );
    drop(announcement);
    assert_eq!(ours(&told), format!("- {host}.{SERVICE}"));
}
