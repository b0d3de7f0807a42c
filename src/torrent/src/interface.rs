//! Whether a network interface is there and up: two system calls.
//!
//! Opens a socket only to ask the kernel; nothing is sent over it. Not by `/sys/class/net`, which
//! shows the interfaces of the network namespace it was mounted in, not of this process.

use std::ffi::CString;
use std::net::UdpSocket;
use std::num::NonZeroU32;
use std::os::fd::AsRawFd;

/// The index of an interface that is up. Another index means that it was made anew.
pub(super) fn index_if_up(name: &str) -> Option<NonZeroU32> {
    let name = CString::new(name).ok()?;
    // SAFETY: the name ends in a zero.
    let index = NonZeroU32::new(unsafe { libc::if_nametoindex(name.as_ptr()) })?;
    let bytes = name.as_bytes_with_nul();
    // SAFETY: zeroes are a valid request: plain bytes and numbers.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    if bytes.len() > request.ifr_name.len() {
        return None;
    }
    for (to, from) in request.ifr_name.iter_mut().zip(bytes) {
        *to = *from as libc::c_char;
    }
    let socket = UdpSocket::bind((std::net::Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // SAFETY: the request lives as long as the call, which writes its flags into it.
    let flags = unsafe {
        if libc::ioctl(
            socket.as_raw_fd(),
            libc::SIOCGIFFLAGS as _,
            &raw mut request,
        ) != 0
        {
            return None;
        }
        request.ifr_ifru.ifru_flags
    };
    (i32::from(flags) & libc::IFF_UP != 0).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::index_if_up;

    #[test]
    fn loopback_is_up_and_others_are_not_there() {
        assert!(index_if_up("lo").is_some());
        for name in ["", "matinee-none", "a name that is too long", "l\0o"] {
            assert_eq!(index_if_up(name), None, "{name:?}");
        }
    }
}
