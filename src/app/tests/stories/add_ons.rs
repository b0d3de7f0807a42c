//! Add-ons on the box: switched, moved, removed, listed, installed, set up.

use expect_test::expect;

use crate::story::check;

#[test]
fn add_ons_are_switched_moved_and_removed_after_a_second_thought() {
    check(
        "up
         add-ons one -two
         right
         ok
         down
         ok
         ok
         ok
         down
         down
         ok
         ok
         add-ons one
         added one
         back",
        &expect![[r#"
            > up
                home: [Search] Add-ons Settings Power
            > add-ons one -two
                home: [Search] Add-ons Settings Power
            > right
                home: Search [Add-ons] Settings Power
            > ok
                Add-ons: [one] (two) +
            > down
                Add-ons: one [(two)] +
            > ok
                Add-ons: one [(two)] + | [Switch on] Ask it earlier Remove
            > ok
              change SetEnabled("two", true)
                Add-ons: one [(two)] +
            > ok
                Add-ons: one [(two)] + | [Switch on] Ask it earlier Remove
            > down
                Add-ons: one [(two)] + | Switch on [Ask it earlier] Remove
            > down
                Add-ons: one [(two)] + | Switch on Ask it earlier [Remove]
            > ok
                Add-ons: one [(two)] + | Switch on Ask it earlier [Remove: press OK once more]
            > ok
              change Remove("two")
                Add-ons: one [(two)] +
            > add-ons one
                Add-ons: [one] +
            > added one
                Add-ons: [one] + ! one is on this box now.
            > back
                home: Search [Add-ons] Settings Power ! one is on this box now.
        "#]],
    );
}

#[test]
fn an_add_on_that_another_lists_is_installed_by_a_second_ok() {
    check(
        "up
         right
         ok
         add-ons one*
         ok
         down
         ok
         listed 1 of 2: two three
         ok
         down
         ok
         ok
         ok
         add-ons one* three
         added three
         ok
         listed 2 of 2: three four
         back
         back",
        &expect![[r#"
            > up
                home: [Search] Add-ons Settings Power
            > right
                home: Search [Add-ons] Settings Power
            > ok
                Add-ons: [+]
            > add-ons one*
                Add-ons: [one] +
            > ok
                Add-ons: [one] + | [Switch off] Add-ons that it lists Remove
            > down
                Add-ons: [one] + | Switch off [Add-ons that it lists] Remove
            > ok
              list 1 of one
                Listed by one:  | Asking for the list
            > listed 1 of 2: two three
                Listed by one: [two] three
            > ok
                Listed by one: [two] three | Press OK once more to put it on this box
            > down
                Listed by one: two [three]
            > ok
                Listed by one: two [three] | Press OK once more to put it on this box
            > ok
              install https://three.example/manifest.json
                Listed by one: two [three] | Asking it
            > ok
                Listed by one: two [three] | Asking it
            > add-ons one* three
                Listed by one: two [three] | It is on this box
            > added three
                Listed by one: two [three] | It is on this box ! three is on this box now.
            > ok
                Listed by one: two [three] | It is on this box ! three is on this box now.
            > listed 2 of 2: three four
                Listed by one: two [three] four | It is on this box ! three is on this box now.
            > back
                Add-ons: [one] three + ! three is on this box now.
            > back
                home: Search [Add-ons] Settings Power ! three is on this box now.
        "#]],
    );
}

#[test]
fn a_list_that_says_nothing_says_so() {
    check(
        "up
         right
         ok
         add-ons one*
         ok
         down
         ok
         ---
         ok
         listed 1 of 1
         left
         ok
         down
         ok
         home",
        &expect![[r#"
            > ok
                Listed by one:  | Asking for the list
            > listed 1 of 1
                Listed by one:  | It lists no add-on now.
            > left
                Add-ons: [one] +
            > ok
                Add-ons: [one] + | [Switch off] Add-ons that it lists Remove
            > down
                Add-ons: [one] + | Switch off [Add-ons that it lists] Remove
            > ok
              list 2 of one
                Listed by one:  | Asking for the list
            > home
              stop 2
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn an_address_is_typed_by_arrows_and_mended_where_it_leads_nowhere() {
    check(
        "add-ons one
         up
         right
         ok
         down
         ok
         ok
         7
         up
         play
         play
         not added
         left
         ok
         add-ons one two
         added two
         back",
        &expect![[r#"
            > add-ons one
                home: New: [ANT] BEE CAT
            > up
                home: [Search] Add-ons Settings Power
            > right
                home: Search [Add-ons] Settings Power
            > ok
                Add-ons: [one] +
            > down
                Add-ons: one [+]
            > ok
                address "https://" at a | -
            > ok
                address "https://a" at a | -
            > 7
                address "https://a7" at a | -
            > up
                address "https://a7" at delete | -
            > play
              install https://a7
                address "https://a7" at delete | Asking it
            > play
                address "https://a7" at delete | Asking it
            > not added
                address "https://a7" at delete | This is no address of an add-on: that is no link.
            > left
                address "https://a7" at done | This is no address of an add-on: that is no link.
            > ok
              install https://a7
                address "https://a7" at done | Asking it
            > add-ons one two
                address "https://a7" at done | Asking it
            > added two
                Add-ons: one [two] + ! two is on this box now.
            > back
                home: Search [Add-ons] Settings Power ! two is on this box now.
        "#]],
    );
}

#[test]
fn an_add_on_is_set_up_on_the_phone() {
    check(
        "add-ons one! two*
         up
         right
         ok
         ok
         down
         ok
         back
         down
         ok
         down
         ok
         listed 1 of 1: three
         ok
         ok
         not set-up
         ok
         back
         not set-up",
        &expect![[r#"
            > add-ons one! two*
                home: New: [ANT] BEE CAT
            > up
                home: [Search] Add-ons Settings Power
            > right
                home: Search [Add-ons] Settings Power
            > ok
                Add-ons: [one] two +
            > ok
                Add-ons: [one] two + | [Switch off] Set it up on your phone Ask it later Remove
            > down
                Add-ons: [one] two + | Switch off [Set it up on your phone] Ask it later Remove
            > ok
                code Set up one: https://one.example/configure
            > back
                Add-ons: [one] two +
            > down
                Add-ons: one [two] +
            > ok
                Add-ons: one [two] + | [Switch off] Add-ons that it lists Ask it earlier Remove
            > down
                Add-ons: one [two] + | Switch off [Add-ons that it lists] Ask it earlier Remove
            > ok
              list 1 of two
                Listed by two:  | Asking for the list
            > listed 1 of 1: three
                Listed by two: [three]
            > ok
                Listed by two: [three] | Press OK once more to put it on this box
            > ok
              install https://three.example/manifest.json
                Listed by two: [three] | Asking it
            > not set-up
                code Set it up first: https://two.example/configure
            > ok
                Listed by two: [three]
            > back
                Add-ons: one [two] +
            > not set-up
                Add-ons: one [two] + ! This add-on must be set up first, at https://two.example/configure. Then send the address it gives.
        "#]],
    );
}
