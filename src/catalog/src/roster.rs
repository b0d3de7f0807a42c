//! All who are asked, in the owner's order, and what the owner does with them.

use std::collections::HashSet;
use std::sync::Arc;

use addon::AddOn;
use app::AddOnChange;

use crate::keeper::Installed;
use crate::member::{Member, OWN};

/// Add-ons of others; each is asked about everything that is looked at.
pub(crate) const ADD_ONS_MAX: usize = 64;

/// Who is asked, in order.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    members: Vec<Member>,
}

impl Roster {
    /// Those that are kept, in their order, and the parts of the box that are new, before them.
    /// `open` makes one of what is kept; none where it is no add-on any more.
    pub(crate) fn of(
        kept: Vec<Installed>,
        own: Vec<Arc<dyn AddOn>>,
        open: impl Fn(&Installed) -> Option<Member>,
    ) -> Roster {
        let mut own: Vec<Member> = own.into_iter().map(Member::own).collect();
        let mut members = Vec::new();
        for installed in kept {
            let member = match installed.url.strip_prefix(OWN) {
                Some(id) => {
                    let place = own.iter().position(|it| *it.id == *id);
                    place.map(|place| own.remove(place))
                }
                None => open(&installed),
            };
            members.extend(member.map(|member| Member {
                enabled: installed.enabled,
                flags: installed.flags,
                ..member
            }));
        }
        own.append(&mut members);
        let mut seen = HashSet::new();
        own.retain(|member| seen.insert(Arc::clone(&member.id)));
        Roster { members: own }
    }

    /// Who may be asked now, with their places.
    pub(crate) fn enabled(&self) -> impl Iterator<Item = (usize, &Member)> {
        let members = self.members.iter().enumerate();
        members.filter(|(_, member)| member.enabled)
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Member> {
        self.members.iter().find(|member| *member.id == *id)
    }

    /// Of others, not of the box.
    pub(crate) fn count_of_others(&self) -> usize {
        let others = self.members.iter().filter(|it| it.remote.is_some());
        others.count()
    }

    /// Comes last; in the place of one with its id, if there is one.
    pub(crate) fn put(&mut self, member: Member) {
        match self.members.iter_mut().find(|it| it.id == member.id) {
            Some(known) => {
                *known = Member {
                    flags: std::mem::take(&mut known.flags),
                    ..member
                };
            }
            None => self.members.push(member),
        }
    }

    /// Does what the owner wants; whether anything changed.
    pub(crate) fn change(&mut self, change: &AddOnChange) -> bool {
        let (AddOnChange::SetEnabled(id, _)
        | AddOnChange::Move { id, .. }
        | AddOnChange::Remove(id)) = change;
        let Some(at) = self.members.iter().position(|it| it.id == *id) else {
            return false;
        };
        match change {
            AddOnChange::SetEnabled(_, enabled) => {
                let before = std::mem::replace(&mut self.members[at].enabled, *enabled);
                before != *enabled
            }
            AddOnChange::Move { earlier: true, .. } => {
                at > 0 && {
                    self.members.swap(at - 1, at);
                    true
                }
            }
            AddOnChange::Move { earlier: false, .. } => {
                at + 1 < self.members.len() && {
                    self.members.swap(at, at + 1);
                    true
                }
            }
            // A part of the box stays.
            AddOnChange::Remove(_) => {
                self.members[at].remote.is_some() && {
                    self.members.remove(at);
                    true
                }
            }
        }
    }

    pub(crate) fn installed(&self) -> Vec<Installed> {
        self.members.iter().map(Member::installed).collect()
    }

    pub(crate) fn told(&self) -> Vec<app::AddOn> {
        self.members.iter().map(Member::told).collect()
    }

    /// The hosts at home that the owner installed add-ons from, with their ports.
    pub(crate) fn hosts_at_home(&self) -> Vec<String> {
        let remotes = self.members.iter().filter_map(|it| it.remote.as_ref());
        let local = remotes.filter(|remote| remote.transport().is_local());
        local
            .map(|remote| host_and_port(remote.transport()))
            .collect()
    }
}

/// `192.168.1.5:7000`; the port is always said, so that nothing else of that host is meant.
pub(crate) fn host_and_port(transport: &addon::Transport) -> String {
    let port = if transport.is_plain() { 80 } else { 443 };
    let shown = transport.shown();
    let (_, place) = shown.split_once("://").unwrap_or(("", &shown));
    let said = place.rsplit_once(':').is_some_and(|(_, port)| {
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    if said {
        place.to_owned()
    } else {
        format!("{place}:{port}")
    }
}
