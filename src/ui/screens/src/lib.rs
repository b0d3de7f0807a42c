//! The screens of `../ui/*.slint` as Rust: generated, nothing else.
//!
//! A crate of its own because it is fourteen thousand lines: it is compiled when a screen changes,
//! not when the code that fills it does, and without costly optimisation, which only the drawing
//! needs. No lints of the house: nobody wrote this.

#![allow(clippy::all, clippy::pedantic)]

slint::include_modules!();
