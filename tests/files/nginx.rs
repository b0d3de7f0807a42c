//! A film from a real server: nginx, in a process of its own.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use app::{Reach, SupplyFailure, WebFile};

use super::server::{Desk, SOON, film};

struct Nginx {
    child: Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Nginx {
    fn start(film: &[u8], rest: &str) -> Nginx {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display();
        std::fs::write(folder.path().join("film.mkv"), film).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let config = format!(
            "daemon off; master_process off; error_log {path}/errors; pid {path}/pid;\n\
             events {{}}\n\
             http {{ access_log off; client_body_temp_path {path}/b; proxy_temp_path {path}/p;\n\
             fastcgi_temp_path {path}/f; uwsgi_temp_path {path}/u; scgi_temp_path {path}/s;\n\
             server {{ listen {address}; root {path}; {rest} }} }}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        let child = Command::new("nginx")
            .arg("-c")
            .arg(&file)
            .arg("-e")
            .arg(folder.path().join("errors"))
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed by `image/host-packages test`");
        let end = Instant::now() + SOON;
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < end, "nginx listens");
            std::thread::yield_now();
        }
        Nginx {
            child,
            address,
            folder,
        }
    }

    fn file(&self) -> WebFile {
        WebFile {
            url: format!("http://{}/film.mkv", self.address),
            ..WebFile::default()
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_film_from_nginx_is_read_anywhere() {
    let film = film(20 << 20);
    let server = Nginx::start(&film, "");
    let desk = Desk::with(8 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    desk.play(&source, 0, 20 << 20, &film);
    desk.play(&source, 7 << 20, 9 << 20, &film);
}

#[test]
fn a_film_that_is_replaced_on_nginx_has_changed() {
    let server = Nginx::start(&film(30 << 20), "");
    let desk = Desk::with(8 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    std::fs::write(server.folder.path().join("film.mkv"), film(29 << 20)).unwrap();
    desk.read(&source, 20 << 20, 1000).unwrap_err();
    assert_eq!(
        desk.failure(),
        SupplyFailure::Changed("127.0.0.1".to_owned())
    );
}

#[test]
fn nginx_without_parts_is_read_through() {
    let film = film(20 << 20);
    let server = Nginx::start(&film, "max_ranges 0;");
    let desk = Desk::with(8 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    desk.play(&source, 0, 20 << 20, &film);
}
