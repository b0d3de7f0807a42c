//! A button as the device that has it names it.

/// Which button; what it means is said elsewhere, if it has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Button {
    /// A scancode that an infrared receiver has decoded.
    Infrared(u32),
    /// A user control code that the TV has passed on (CEC 1.4, CEC table 30).
    Cec(u32),
    /// A usage of a keyboard or a remote with a radio, page and number (HID Usage Tables).
    Usage(u32),
    /// A code of the kernel's, where the device says no more.
    Code(u16),
}
