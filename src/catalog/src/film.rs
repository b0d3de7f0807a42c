//! From forms to films: the catalogue's schema, key by key (told in `README.md` beside this).

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;

use app::choosing::{Offer, Way};
use url::Url;

use crate::file::Mistake;
use crate::form::{Field, Form, List, Page};

/// Rows a viewer would still scroll to.
const ROWS: usize = 50;
/// As many posters as one row holds without becoming a list.
const FILMS: usize = 500;
/// Qualities and dubs of one film.
const SOURCES: usize = 16;
/// Trackers, web seeds and peers of one source; more only slow the start.
const ADDRESSES: usize = 32;
const GENRES: usize = 8;

/// Characters: what the wall and the film page can show.
const TITLE: usize = 200;
const SYNOPSIS: usize = 4000;
const WORD: usize = 40;
/// The practical bound of web servers and browsers.
const ADDRESS: usize = 2048;

/// The oldest moving picture kept (Le Prince's Roundhay Garden) is of 1888.
const FIRST_YEAR: u64 = 1888;
/// A film announced for later than this is a typing error.
const LAST_YEAR: u64 = 2100;
/// The highest age that a rating board names.
const OLDEST: u64 = 21;
/// The longest film shown in cinemas ran for 240 hours.
const LONGEST_MIN: u64 = 14_400;
/// Files: the metainfo limit of the torrent shell.
const LAST_FILE: u64 = 19_999;
/// 16 TiB, past any file system the box writes.
const LARGEST: u64 = 1 << 44;

/// The demo has this id; a film of a catalogue that took it would be replaced on the wall.
const TAKEN_ID: &str = "demo";

/// For films without colours of their own: pairs that look well under white type.
const COLOURS: [[u32; 2]; 8] = [
    [0x2b_3a_55, 0x0f_16_26],
    [0x4a_2c_40, 0x1b_0f_1a],
    [0x1f_4e_4a, 0x0b_1f_20],
    [0x5a_3a_1e, 0x22_14_0b],
    [0x3a_2f_5c, 0x14_0f_24],
    [0x5c_2a_2a, 0x24_0e_10],
    [0x2f_4a_2a, 0x11_1d_10],
    [0x3d_44_4d, 0x14_17_1b],
];

/// The rows of the file.
pub(crate) fn rows(page: &Page<'_>) -> Result<Vec<app::Row>, Mistake> {
    let mut file = page.form()?;
    let common = trackers(&mut file)?.unwrap_or_default();
    let forms = file.forms("row", ROWS)?;
    if forms.is_empty() {
        return Err(file.missing("row"));
    }
    file.finish()?;
    let folder = Path::new(page.file()).parent().unwrap_or(Path::new(""));
    let mut reader = Reader {
        common,
        folder,
        ids: HashSet::new(),
    };
    forms.into_iter().map(|form| reader.row(form)).collect()
}

struct Reader<'t> {
    /// Trackers of sources that name none.
    common: Vec<String>,
    /// Where relative poster paths begin.
    folder: &'t Path,
    ids: HashSet<String>,
}

impl Reader<'_> {
    fn row(&mut self, mut form: Form<'_>) -> Result<app::Row, Mistake> {
        let title = form.needed_text("title", TITLE)?.value;
        let forms = form.forms("film", FILMS)?;
        if forms.is_empty() {
            return Err(form.missing("film"));
        }
        let films = forms.into_iter().map(|form| self.film(form));
        let films = films.collect::<Result<_, _>>()?;
        form.finish()?;
        Ok(app::Row::new(title, films))
    }

    fn film(&mut self, mut form: Form<'_>) -> Result<app::Film, Mistake> {
        let id = form.needed_text("id", WORD)?;
        id.map(|id| check_id(id))?;
        if !self.ids.insert(id.value.clone()) {
            return Err(id.wrong("another film has this id"));
        }
        let title = form.needed_text("title", TITLE)?.value;
        let year = form.number("year", &(FIRST_YEAR..=LAST_YEAR))?;
        let runtime = form.number("runtime_min", &(1..=LONGEST_MIN))?;
        let age = form.number("age", &(0..=OLDEST))?;
        let genres = words(form.texts("genres", GENRES, WORD)?);
        let poster = form.text("poster", ADDRESS)?;
        let sources = form.forms("source", SOURCES)?;
        if sources.is_empty() {
            return Err(form.missing("source"));
        }
        let sources = sources.into_iter().map(|form| self.source(form, &title));
        let film = app::Film {
            sources: sources.collect::<Result<_, _>>()?,
            year: year.map(|year| year as u16),
            synopsis: optional(form.text("synopsis", SYNOPSIS)?),
            runtime_min: runtime.map(|minutes| minutes as u16),
            by: optional(form.text("by", TITLE)?),
            genres,
            age: age.map(|years| years as u8),
            licence: form.form("licence")?.map(licence).transpose()?,
            poster: poster.map(|field| self.poster(&field)).transpose()?,
            colours: colours(&mut form)?.unwrap_or_else(|| drawn(&id.value)),
            badge: form.text("badge", WORD)?.map(|badge| badge.value),
            id: app::FilmId(id.value),
            title,
            ..app::Film::default()
        };
        form.finish()?;
        Ok(film)
    }

    fn poster(&self, field: &Field<'_, String>) -> Result<app::Poster, Mistake> {
        let poster = &field.value;
        if poster.contains("://") {
            field.map(|address| check_address(address, &["http", "https"]))?;
            return Ok(app::Poster(poster.as_str().into()));
        }
        let path = self.folder.join(poster);
        Ok(app::Poster(path.to_string_lossy().as_ref().into()))
    }

    fn source(&self, mut form: Form<'_>, title: &str) -> Result<app::Source, Mistake> {
        let label = form.needed_text("label", WORD)?.value;
        let size = form.number("size", &(1..=LARGEST))?;
        let name = form.text("name", TITLE)?.map(|name| name.value);
        let (reach, way) = match form.text("url", ADDRESS)? {
            Some(url) => (web(&url, name, size)?, Way::Http),
            None => (self.torrent(&mut form, name, title)?, Way::Torrent),
        };
        form.finish()?;
        let label = size.map_or(label.clone(), |size| format!("{label} · {}", bytes(size)));
        Ok(app::Source {
            label,
            reach,
            offer: Offer {
                way,
                size_bytes: size,
                ..Offer::default()
            },
        })
    }

    fn torrent(
        &self,
        form: &mut Form<'_>,
        name: Option<String>,
        title: &str,
    ) -> Result<app::Reach, Mistake> {
        let info_hash = form.needed_text("info_hash", WORD)?.map(|hex| hash(hex))?;
        let file = form.number("file", &(0..=LAST_FILE))?;
        let own = trackers(form)?;
        let web_seeds = addresses(form, "web_seeds", &["http", "https"])?;
        let peers = form.texts("peers", ADDRESSES, WORD)?;
        let peers = peers.map(|list| list.value).unwrap_or_default();
        let peers = peers.iter().map(|peer| peer.map(|peer| socket(peer)));
        Ok(app::Reach::Torrent(app::TorrentRef {
            info_hash,
            name: name.unwrap_or_else(|| title.to_owned()),
            trackers: own.unwrap_or_else(|| self.common.clone()),
            web_seeds: web_seeds.unwrap_or_default(),
            peers: peers.collect::<Result<_, _>>()?,
            file: file.map(|file| file as u32),
            ..app::TorrentRef::default()
        }))
    }
}

/// A file on a web server, that the owner himself names.
fn web(
    url: &Field<'_, String>,
    name: Option<String>,
    size: Option<u64>,
) -> Result<app::Reach, Mistake> {
    url.map(|url| check_address(url, &["http", "https"]))?;
    Ok(app::Reach::Web(app::WebFile {
        url: url.value.clone(),
        name,
        size,
        near: true,
        ..app::WebFile::default()
    }))
}

fn optional(field: Option<Field<'_, String>>) -> String {
    field.map(|field| field.value).unwrap_or_default()
}

fn words(list: Option<List<'_>>) -> Vec<String> {
    let list = list.map(|list| list.value).unwrap_or_default();
    list.into_iter().map(|word| word.value).collect()
}

fn check_id(id: &str) -> Result<(), String> {
    if id == TAKEN_ID {
        return Err(format!("{TAKEN_ID:?} is the demo film's"));
    }
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !id.bytes().all(fits) {
        return Err("must be of a-z, 0-9 and - alone".to_owned());
    }
    Ok(())
}

fn licence(mut form: Form<'_>) -> Result<app::Licence, Mistake> {
    let name = form.needed_text("name", WORD)?.value;
    let url = form.needed_text("url", ADDRESS)?;
    url.map(|address| check_address(address, &["http", "https"]))?;
    form.finish()?;
    Ok(app::Licence {
        name,
        url: url.value,
    })
}

fn trackers(form: &mut Form<'_>) -> Result<Option<Vec<String>>, Mistake> {
    addresses(form, "trackers", &["http", "https", "udp"])
}

fn addresses(
    form: &mut Form<'_>,
    key: &str,
    schemes: &[&str],
) -> Result<Option<Vec<String>>, Mistake> {
    let list = form.texts(key, ADDRESSES, ADDRESS)?;
    for field in list.iter().flat_map(|list| &list.value) {
        field.map(|address| check_address(address, schemes))?;
    }
    Ok(list.map(|list| words(Some(list))))
}

fn check_address(address: &str, schemes: &[&str]) -> Result<(), String> {
    let url = Url::parse(address).map_err(|error| format!("{address:?} is no address: {error}"))?;
    if !schemes.contains(&url.scheme()) {
        let known = schemes.join(", ");
        return Err(format!("{address:?} must begin with one of: {known}"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("{address:?} names no host"));
    }
    // UDP trackers have no port of their own (BEP 15).
    if url.scheme() == "udp" && url.port().is_none() {
        return Err(format!("{address:?} needs a port"));
    }
    Ok(())
}

fn socket(peer: &str) -> Result<SocketAddr, String> {
    peer.parse()
        .map_err(|_| format!("{peer:?} is not of the form 192.0.2.1:6881"))
}

/// A v1 info hash (BEP 3) in hex.
fn hash(hex: &str) -> Result<[u8; 20], String> {
    let wrong = || {
        format!(
            "must be 40 hex digits, has {} characters",
            hex.chars().count()
        )
    };
    if hex.len() != 40 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(hash)
}

fn colours(form: &mut Form<'_>) -> Result<Option<[u32; 2]>, Mistake> {
    let Some(list) = form.texts("colours", 2, WORD)? else {
        return Ok(None);
    };
    let [top, bottom] = list.value.as_slice() else {
        return Err(list.wrong("must be two, top and bottom"));
    };
    Ok(Some([
        top.map(|hex| colour(hex))?,
        bottom.map(|hex| colour(hex))?,
    ]))
}

fn colour(hex: &str) -> Result<u32, String> {
    let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6);
    digits
        .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .ok_or_else(|| format!("{hex:?} must be of the form \"#rrggbb\""))
}

/// A pair that is always the same for one id.
fn drawn(id: &str) -> [u32; 2] {
    let sum = id
        .bytes()
        .fold(0_usize, |sum, byte| sum * 31 % 9973 + usize::from(byte));
    COLOURS[sum % COLOURS.len()]
}

/// "129 MB": decimal units, as on the boxes of disks.
pub(crate) fn bytes(size: u64) -> String {
    if size < 1_000_000 {
        return format!("{} kB", size.div_ceil(1000));
    }
    if size < 1_000_000_000 {
        return format!("{} MB", (size + 500_000) / 1_000_000);
    }
    let tenths = (size + 50_000_000) / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}
