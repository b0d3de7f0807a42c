//! A web server with a folder of films: nginx where it is installed, else one of ours that gives
//! ranges too.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fixtures::site::{Said, Site};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// Nginx listens after some milliseconds, or never.
const STARTS_WITHIN: Duration = Duration::from_secs(5);

pub(crate) struct WebSeed {
    at: SocketAddr,
    /// None: the one of ours.
    nginx: Option<Nginx>,
    _site: Option<Site>,
}

struct Nginx {
    program: Child,
    _folder: TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl WebSeed {
    pub(crate) async fn start(at: SocketAddr, folder: &Path) -> WebSeed {
        if let Some(nginx) = Nginx::start(at, folder).await {
            return WebSeed {
                at,
                nginx: Some(nginx),
                _site: None,
            };
        }
        let folder = folder.to_owned();
        let site = Site::start(at, move |asked| {
            let name = asked.path.trim_start_matches('/');
            let plain = !name.contains('/') && !name.starts_with('.');
            let file = plain
                .then(|| std::fs::read(folder.join(name)).ok())
                .flatten();
            match file {
                Some(bytes) => Said::status(200).text("video/webm", bytes),
                None => Said::status(404),
            }
        });
        WebSeed {
            at,
            nginx: None,
            _site: Some(site.await),
        }
    }

    pub(crate) fn program(&self) -> &'static str {
        match self.nginx {
            Some(_) => "nginx",
            None => "our own",
        }
    }

    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://{}/{}", self.at, name.replace(' ', "%20"))
    }
}

impl Nginx {
    /// None where it is not installed, or does not start.
    async fn start(at: SocketAddr, films: &Path) -> Option<Nginx> {
        let folder = TempDir::new().ok()?;
        let own = folder.path().display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {own}/{kind};"))
            .join(" ");
        let text = format!(
            "daemon off; master_process off; pid {own}/pid; error_log stderr error;\n\
             events {{ worker_connections 64; }}\n\
             http {{ access_log off; {temporary}\n\
             server {{ listen {at}; root \"{}\"; }} }}\n",
            films.display()
        );
        let path = folder.path().join("nginx.conf");
        std::fs::write(&path, text).ok()?;
        let program = ["nginx", "/usr/sbin/nginx"].into_iter().find_map(|name| {
            let mut command = Command::new(name);
            command.arg("-p").arg(folder.path()).arg("-c").arg(&path);
            command.stdin(Stdio::null()).spawn().ok()
        })?;
        let mut nginx = Nginx {
            program,
            _folder: folder,
        };
        let end = Instant::now() + STARTS_WITHIN;
        while Instant::now() < end && nginx.program.try_wait().ok()?.is_none() {
            if TcpStream::connect(at).await.is_ok() {
                return Some(nginx);
            }
            sleep(Duration::from_millis(20)).await;
        }
        None
    }
}
