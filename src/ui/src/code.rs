//! An address as a code for a phone's camera (ISO/IEC 18004), drawn in whole pixels: dark on light,
//! with the quiet zone around it that readers look for.

use app::CodeView;
use qrcodegen::{QrCode, QrCodeEcc};
use screens::{Code, Stage};
use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer};

use crate::Geometry;

/// Width of the code with its quiet zone: a hand's breadth on a screen of a metre, which a phone
/// reads from a sofa.
pub(crate) const SIDE: f32 = 600.0;

/// Light modules around it (ISO/IEC 18004, section 5.3.8).
const QUIET: i32 = 4;

const LIGHT: Rgb8Pixel = Rgb8Pixel {
    r: 0xff,
    g: 0xff,
    b: 0xff,
};
const DARK: Rgb8Pixel = Rgb8Pixel {
    r: 0x0c,
    g: 0x0d,
    b: 0x12,
};

#[derive(Default)]
pub(crate) struct CodePage {
    /// What is drawn: the address, and pixels of a side.
    drawn: (String, u32),
}

impl CodePage {
    pub(crate) fn show(&mut self, stage: &Stage, view: &CodeView, geometry: Geometry) {
        let page = stage.global::<Code>();
        page.set_title(view.title.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_address(view.address.as_str().into());
        page.set_hint(view.hint.as_str().into());
        let side = geometry.pixels(SIDE);
        if self.drawn != (view.address.clone(), side) {
            self.drawn = (view.address.clone(), side);
            let picture = picture(&view.address, side);
            page.set_there(picture.is_some());
            let picture = picture.unwrap_or_default();
            let length = picture.size().width as f32 / geometry.scale;
            page.set_side(length);
            page.set_picture(picture);
        }
    }
}

/// At most `side` pixels wide; none where the address is longer than a code can be.
pub(crate) fn picture(address: &str, side: u32) -> Option<Image> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let modules = (code.size() + 2 * QUIET) as u32;
    let module = (side / modules).max(1);
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(module * modules, module * modules);
    let width = (module * modules) as usize;
    for (at, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let place = |pixels: usize| (pixels / module as usize) as i32 - QUIET;
        let dark = code.get_module(place(at % width), place(at / width));
        *pixel = if dark { DARK } else { LIGHT };
    }
    Some(Image::from_rgb8(buffer))
}
