//! espeak-ng as a process: one for each utterance.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fmt, io};

use app::{Language, Pace, Utterance};
use rustix::event::{PollFd, PollFlags};

use super::wave::Wave;
use crate::bell::{self, Bell};

/// It says nothing for so long only when it hangs: a sentence takes some hundredths of a second.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Letters that it is given at most: more than the core says.
const LETTERS_MAX: usize = 2000;

#[derive(Debug)]
pub(super) struct Engine {
    program: PathBuf,
    /// Rings when the utterance is to be cut.
    bell: Bell,
}

/// What became of an utterance.
#[derive(Debug)]
pub(super) enum Said {
    All,
    Cut,
    Failed {
        why: io::Error,
        /// Something of it was said.
        begun: bool,
    },
}

/// Ended when it is dropped, and waited for.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What its voices are called, where that is not the language's code (ISO 639-1).
fn voice(language: Language) -> &'static str {
    match language {
        Language::Chinese => "cmn",
        // Its sentences are of Brazil.
        Language::Portuguese => "pt-br",
        Language::Pseudo => "en",
        language => language.code(),
    }
}

/// Words a minute.
fn pace(pace: Pace) -> &'static str {
    match pace {
        Pace::Slow => "130",
        Pace::Normal => "175",
        Pace::Fast => "270",
    }
}

/// The text as plain words: no signs that are commands to it ("[[" begins phonemes).
fn words(text: &str) -> String {
    let word = |letter: char| match letter {
        '[' | ']' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().take(LETTERS_MAX).map(word).collect()
}

impl Engine {
    pub(super) fn new(program: &Path, bell: Bell) -> Engine {
        Engine {
            program: program.to_owned(),
            bell,
        }
    }

    /// Gives the utterance's samples to `said`, of one channel with so many a second; until that
    /// says false, or the bell rings.
    pub(super) fn say(
        &self,
        utterance: &Utterance,
        said: &mut impl FnMut(u32, &[i16]) -> bool,
    ) -> Said {
        let mut begun = false;
        let mut given = |rate, samples: &[i16]| {
            begun = true;
            said(rate, samples)
        };
        match self.run(utterance, &mut given) {
            Ok(true) => Said::All,
            Ok(false) => Said::Cut,
            Err(why) => Said::Failed { why, begun },
        }
    }

    /// False: it was cut.
    fn run(
        &self,
        utterance: &Utterance,
        said: &mut impl FnMut(u32, &[i16]) -> bool,
    ) -> io::Result<bool> {
        let mut process = Process(self.command(utterance).spawn()?);
        if let Some(mut input) = process.0.stdin.take() {
            // It fits into the pipe; who does not read it tells by the end of the process why.
            let _ = input.write_all(words(&utterance.text).as_bytes());
        }
        let output = process.0.stdout.take();
        let mut output = output.ok_or_else(|| failed("it has no output"))?;
        let mut wave = Wave::default();
        let mut bytes = [0; 8192];
        loop {
            if !self.wait(&output)? {
                return Ok(false);
            }
            let read = output.read(&mut bytes)?;
            if read == 0 {
                break;
            }
            let samples = wave.read(&bytes[..read]).map_err(failed)?;
            if !samples.is_empty() && !said(wave.rate(), &samples) {
                return Ok(false);
            }
        }
        let status = process.0.wait()?;
        if !status.success() {
            return Err(failed(status));
        }
        if !wave.has_begun() {
            return Err(failed("it gave no sound"));
        }
        Ok(true)
    }

    fn command(&self, utterance: &Utterance) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["-b", "1", "--stdin", "--stdout"])
            .args(["-v", voice(utterance.language)])
            .args(["-s", pace(utterance.pace)]);
        let mut letters = utterance.text.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            // A key of the keyboard: marks have names, and capital letters are higher.
            command.args(["-k", "20"]);
            if !letter.is_alphanumeric() {
                command.arg("--punct");
            }
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }

    /// Until it has said something; false: the bell rang.
    fn wait(&self, output: &ChildStdout) -> io::Result<bool> {
        let until = Instant::now() + ANSWERS_WITHIN;
        loop {
            let mut all = [
                PollFd::new(&self.bell, PollFlags::IN),
                PollFd::new(output, PollFlags::IN),
            ];
            bell::sleep(&mut all, Some(until))?;
            if !all[0].revents().is_empty() {
                return Ok(false);
            }
            if !all[1].revents().is_empty() {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Err(failed("it hangs"));
            }
        }
    }
}

fn failed(why: impl fmt::Display) -> io::Error {
    io::Error::other(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_words_and_never_a_command() {
        assert_eq!(words("a [[h@l'oU]]\u{7}\nb"), "a   h@l'oU    b");
        assert_eq!(words(&"x".repeat(9000)).len(), LETTERS_MAX);
    }
}
